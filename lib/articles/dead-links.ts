import '#server-only';
import { quizHref } from '#lib/quiz/addresses.ts';
import { PMO_TYPES } from '#lib/quiz/schema.ts';
import type { InternalLink } from './inspect.ts';
import type { Article } from './schema.ts';
import type { Snapshot } from './snapshot.ts';
import { findTag } from './tags.ts';

/** Addresses of the site beside articles, categories, authors and tags (docs/addresses.md). */
const PAGES = new Set([
  ...['/', '/articles', '/search', '/quiz', '/service', '/about/60-seconds', '/privacy', '/accessibility', '/register'],
  ...PMO_TYPES.map(quizHref),
  ...['/feed.xml', '/sitemap.xml', '/llms.txt'],
]);

/** Whoever follows the links of an article: what is public by then, and whether drafts count too. */
export type Reader = {
  snapshot: Snapshot;
  mayFollowHidden: boolean;
  article: (slug: string) => Article | undefined;
  idsOf: (slug: string) => readonly string[] | undefined;
};

/** Why a link leads nowhere, with the cure; undefined when it leads somewhere. */
export function deadLink({ url }: InternalLink, slug: string, reader: Reader): string | undefined {
  const { pathname, hash } = parse(url);
  const [, room, name = ''] = /^\/(articles|categories|authors|tags)\/([^/]+)$/.exec(pathname) ?? [];
  const { snapshot } = reader;
  if (url.startsWith('#')) return deadAnchor(hash, slug, reader);
  if (room === 'categories' && snapshot.categories.some(({ id }) => id === name)) return undefined;
  if (room === 'authors' && snapshot.authors.some(({ id }) => id === name)) return undefined;
  if (room === 'tags' && findTag(snapshot, decode(name)).status === 'tag') return undefined;
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
    case 'gone':
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
