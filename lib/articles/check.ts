import '#server-only';
import { openCatalog } from './catalog.ts';
import { displayPath, listContent, readText } from './folder.ts';
import { altFault } from './images/alt.ts';
import { takePictures } from './images/illustrate.ts';
import type { Inspection, InternalLink } from './inspect.ts';
import { slugOf } from './kept.ts';
import type { Article, Fault } from './schema.ts';
import type { Snapshot } from './snapshot.ts';
import { placeOf, placeOfKey, type Source, splitArticle } from './source.ts';
import { byPlace } from './stock.ts';
import type { Workshop } from './workshop.ts';
import { openWorkshop } from './workshop-thread.ts';

export type Checked =
  | { status: 'checked'; articles: number; faults: Fault[] }
  /** The folder is not there or cannot be read. */
  | { status: 'unreadable'; fault: Fault };

/** Addresses of the site beside articles, categories and authors. */
const PAGES = new Set(['/', '/articles', '/search', '/register', '/privacy', '/feed.xml', '/sitemap.xml']);

/**
 * Finds every fault in a content folder: what keeps an article from being served, and what an editor should mend
 * before readers see it. Sorted by file, line and column. `now` decides whether the target of a link is public.
 */
export async function checkContent(root: string, now: Date, workshop: Workshop = openWorkshop()): Promise<Checked> {
  try {
    return await check(root, now, workshop);
  } finally {
    workshop.close();
  }
}

async function check(root: string, now: Date, workshop: Workshop): Promise<Checked> {
  const listing = listContent(root);
  if (listing.status === 'missing') return { status: 'unreadable', fault: listing.fault };
  const catalog = openCatalog(root);
  const snapshot = catalog.snapshot(now);
  const figures = catalog.figures();
  const faults = catalog.problems();
  const inspected = new Map<string, { source: Source; inspection: Inspection }>();
  for (const file of listing.files.keys()) {
    if (!file.startsWith('articles/')) continue;
    const found = readText(root, file);
    // What cannot be read or split has been said by the catalog already.
    const split = found.status === 'read' ? splitArticle(displayPath(root, file), found.text) : undefined;
    if (split?.status !== 'read') continue;
    const { source } = split.value;
    const inspection = await workshop.inspect(source, figures);
    inspected.set(slugOf(file), { source, inspection });
    const { image } = catalog.article(slugOf(file)) ?? {};
    const illustrated = { file, source, matter: { image: image?.file } };
    const pictures = await takePictures(root, illustrated, inspection.images, workshop.take);
    faults.push(...inspection.faults, ...pictures.faults);
    const unsaid = image && altFault(image.alt, image.file, 'imageAlt');
    if (unsaid !== undefined) faults.push({ ...placeOfKey(source, 'imageAlt'), message: unsaid });
  }
  for (const [slug, { source, inspection }] of inspected) {
    const from = catalog.article(slug);
    const reader: Reader = {
      // A reader of a scheduled article comes when it is public, and follows its links then.
      snapshot: from && !from.draft && from.publishedAt > now ? catalog.snapshot(from.publishedAt) : snapshot,
      mayFollowHidden: from?.draft ?? true,
      article: catalog.article,
      idsOf: (target) => inspected.get(target)?.inspection.ids,
    };
    for (const link of inspection.links) {
      const message = deadLink(link, slug, reader);
      if (message !== undefined) faults.push({ ...placeOf(source, link.offset), message });
    }
  }
  return { status: 'checked', articles: inspected.size, faults: faults.sort(byPlace) };
}

type Reader = {
  snapshot: Snapshot;
  mayFollowHidden: boolean;
  article: (slug: string) => Article | undefined;
  idsOf: (slug: string) => readonly string[] | undefined;
};

/** Why a link leads nowhere, with the cure; undefined when it leads somewhere. */
function deadLink({ url }: InternalLink, slug: string, reader: Reader): string | undefined {
  const { pathname, hash } = parse(url);
  const [, room, name = ''] = /^\/(articles|categories|authors)\/([^/]+)$/.exec(pathname) ?? [];
  const { snapshot } = reader;
  if (url.startsWith('#')) return deadAnchor(hash, slug, reader);
  if (room === 'categories' && snapshot.categories.some(({ id }) => id === name)) return undefined;
  if (room === 'authors' && snapshot.authors.some(({ id }) => id === name)) return undefined;
  if (room !== 'articles') {
    return PAGES.has(pathname) ? undefined : `「${pathname}」というページはありません（行き先を直します）`;
  }
  const found = snapshot.find(name);
  switch (found.status) {
    case 'visible':
      return deadAnchor(hash, name, reader);
    case 'moved':
      return `記事「${name}」は「${found.to}」に変わりました（/articles/${found.to}と書きます）`;
    case 'hidden':
      if (reader.mayFollowHidden) return deadAnchor(hash, name, reader);
      return `記事「${name}」は公開されていません（公開日と下書きを確かめるか、リンクを外します）`;
    case 'broken':
      return undefined;
    case 'unknown':
      return `記事「${name}」はありません（行き先を直すか、リンクを外します）`;
  }
}

function deadAnchor(id: string, slug: string, reader: Reader): string | undefined {
  const ids = reader.idsOf(slug);
  if (id === '' || !ids || ids.includes(id)) return undefined;
  return `見出し「#${id}」が行き先にありません（見出しの言葉に合わせて直します）`;
}

function parse(url: string): { pathname: string; hash: string } {
  const { pathname, hash } = new URL(url, 'http://localhost');
  return { pathname, hash: decode(hash.slice(1)).normalize('NFC') };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray `%`: the id is what is written.
    return text;
  }
}
