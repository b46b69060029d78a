import path from 'node:path';
import { openCatalog } from '#lib/articles/catalog.ts';
import type { Article } from '#lib/articles/schema.ts';
import { jstIso } from '#lib/jst.ts';

/** A page of the site, and the article that it shows. */
export type Model = { html: string; article: Article };

/** The page of a shipped article, as the site at `siteUrl` sends it. */
export async function readModel(siteUrl: string, slug: string): Promise<Model> {
  const found = openCatalog(path.resolve(import.meta.dirname, '../../content'))
    .snapshot(new Date())
    .find(slug);
  if (found.status !== 'visible') throw new Error(`${slug} is ${found.status}`);
  const answer = await fetch(`${siteUrl}/articles/${slug}`);
  if (answer.status !== 200) throw new Error(`${slug}: ${answer.status}`);
  return { html: await answer.text(), article: found.article };
}

/**
 * What is the same on every article's page, taken from the finished page of one: the peers put it around what they
 * draw, and a change of the site's header or call to action needs no second hand. `{{…}}` stand for what differs.
 */
export function takeApart({ html, article }: Model): { css: string; pieces: Record<string, string> } {
  const { slug, title, description, publishedAt, updatedAt = publishedAt } = article;
  const differing: [name: string, value: string][] = [
    ['published', jstIso(publishedAt)],
    ['modified', jstIso(updatedAt)],
    ['description', escapeHtml(description)],
    ['title', escapeHtml(title)],
    ['slug', slug],
  ];
  const general = (text: string): string =>
    differing.reduce((sum, [name, value]) => sum.replaceAll(value, `{{${name}}}`), text);
  const piece = (pattern: RegExp): string => {
    const found = pattern.exec(html)?.[1];
    if (found === undefined) throw new Error(`the page of ${slug} has no ${pattern}`);
    return general(found);
  };
  const head = piece(/<head>([\s\S]*?)<\/head>/).replace(/<style>[\s\S]*?<\/style>/g, '');
  return {
    css: [...html.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, css]) => css).join(''),
    pieces: {
      head: modifiedApart(head),
      breadcrumb: piece(/(<nav class="breadcrumb"[\s\S]*?<\/nav>)/),
      data: modifiedApart(piece(/(<script type="application\/ld\+json">\{[^<]*"@type":"Article"[^<]*<\/script>)/)),
      aboveMain: piece(/<body>([\s\S]*?)<main/),
      opening: piece(/(<div class="cta cta-opening">[\s\S]*?<\/div>)/),
      middle: piece(/(<div class="cta cta-middle">[\s\S]*?<\/div>)/),
      end: piece(/(<div class="cta cta-end">[\s\S]*?<\/div>)/),
      author: piece(/(<section class="author-box"[\s\S]*?<\/section>)/),
      fixed: piece(/(<div class="cta-fixed">[\s\S]*?<\/div>)/),
      belowMain: piece(/<\/main>([\s\S]*)<\/body>/),
    },
  };
}

/** An article that was never changed has two dates that look the same; in others they differ. */
function modifiedApart(text: string): string {
  return text.replace(/((?:modified_time" content|dateModified":)[="]+)\{\{published\}\}/g, '$1{{modified}}');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/**
 * Holds a peer to the same page: the same things said in its head, the same elements and words in its body.
 * @throws with the first difference, since a figure from another page would mean nothing.
 */
export function expectSamePage(peer: string, ours: string, theirs: string): void {
  const [own, other] = [contentOf(ours), contentOf(theirs)];
  const length = Math.max(own.length, other.length);
  for (let at = 0; at < length; at++) {
    if (own[at] === other[at]) continue;
    const around = (list: string[]): string => list.slice(Math.max(0, at - 2), at + 3).join(' ');
    throw new Error(`${peer} draws another page than the site. Here: ${around(own)} / there: ${around(other)}`);
  }
}

/**
 * What the head says, in any order, then elements and words of the body; without what writers of HTML may do as they
 * like: spaces, case, `/>`.
 */
function contentOf(html: string): string[] {
  const [head = '', body = ''] = html.split(/<body[^>]*>/);
  const said = [...head.matchAll(/<(?:meta|link)\b[^>]*\b(?:name|property|rel)="([^"]+)"/g)].map(
    ([, name = '']) => name,
  );
  const drawn = [...body.matchAll(/<(\/?[a-z0-9]+)\b[^>]*>|([^<]+)/gi)].map(([, tag, words]) =>
    tag ? `<${tag.toLowerCase()}>` : (words ?? '').replace(/\s+/g, ''),
  );
  return [...said.filter((name) => name !== 'stylesheet').sort(), ...drawn.filter((part) => part !== '')];
}
