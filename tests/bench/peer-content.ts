import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { toHtml } from 'hast-util-to-html';
import { openCatalog } from '#lib/articles/catalog.ts';
import { takeDrawing } from '#lib/articles/images/drawing.ts';
import { drawingElement } from '#lib/articles/images/picture.ts';
import type { Article } from '#lib/articles/schema.ts';

/**
 * Writes the articles of `contentDir` as a static site generator takes them, into `target`. Minutes to read,
 * related articles and neighbours are given to the peers, and so is the place of what stands between the parts of an article: they
 * need not work it out, which makes their builds a little faster than real ones. So are drawings as the site draws them.
 */
export function writePeerContent(contentDir: string, target: string): void {
  const { visible, related, neighbours } = openCatalog(contentDir).snapshot(new Date());
  mkdirSync(path.join(target, 'articles'), { recursive: true });
  for (const shipped of ['authors', 'categories.yaml', 'figures.yaml']) {
    cpSync(path.join(contentDir, shipped), path.join(target, shipped), { recursive: true });
  }
  for (const article of visible) {
    const file = path.join('articles', `${article.slug}.mdx`);
    const written = drawn(readArticle(contentDir, article.slug), path.join(contentDir, 'articles', article.slug));
    writeFileSync(path.join(target, file), forPeer(written, article, related(article.slug), neighbours(article.slug)));
  }
}

function readArticle(contentDir: string, slug: string): string {
  const alone = path.join(contentDir, 'articles', `${slug}.mdx`);
  return readFileSync(existsSync(alone) ? alone : path.join(contentDir, 'articles', slug, 'index.mdx'), 'utf8');
}

/** An article with its drawings in place. Photographs, of which the shipped articles have none, the peers do not know. */
function drawn(written: string, folder: string): string {
  return written.replace(/^!\[([^\]]*)\]\(([^)]*)\)$/gm, (_, alt, file) => {
    const taken = takeDrawing(path.join(folder, file));
    if (taken.status !== 'drawing') throw new Error(`the peers cannot show ${file}`);
    return toHtml(drawingElement(taken.drawing, alt));
  });
}

function forPeer(
  written: string,
  { minutes }: Article,
  related: readonly Article[],
  { older, newer }: { older: Article | undefined; newer: Article | undefined },
): string {
  const [, head = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(written) ?? [];
  const [text = '', sources = ''] = body.split(/^(?=<Sources>)/m);
  const sections = text.search(/^## /m);
  const frontMatter = [
    '---',
    head,
    `minutes: ${minutes}`,
    `related: [${related.map(({ slug }) => slug).join(', ')}]`,
    ...(older ? [`older: ${older.slug}`] : []),
    ...(newer ? [`newer: ${newer.slug}`] : []),
    '---',
  ];
  return [
    frontMatter.join('\n'),
    `<Prose>\n\n${text.slice(0, sections).trim()}\n\n</Prose>`,
    '<Cta place="opening" />',
    '<Contents />',
    `<Prose>\n\n${text.slice(sections).trim()}\n\n</Prose>`,
    '<Cta place="end" />',
    '<Author />',
    sources,
    '<Tags />',
  ].join('\n\n');
}
