import '#server-only';
import path from 'node:path';
import { readEnv } from '#lib/env.ts';
import { catalog } from './catalog.ts';
import { deadLink, type Reader } from './dead-links.ts';
import { displayPath, readText } from './folder.ts';
import { altFault } from './images/alt.ts';
import { inspect } from './inspect.ts';
import { type Article, type Fault, SLUG } from './schema.ts';
import { isVisible } from './snapshot.ts';
import { placeOf, placeOfKey, splitArticle } from './source.ts';
import { byPlace } from './stock.ts';

// What an editor wants to know of articles, also of those that readers may not see: for the preview of `npm run dev`, and
// for a draft under its private address.

/** Where an article is on its way; `faulty` when there is no version of it that could be drawn. */
export type DeskState = 'draft' | 'scheduled' | 'public' | 'ended' | 'faulty';

/** An article file as the list of the desk shows it. `article` is its last good version. */
export type DeskEntry = { slug: string; state: DeskState; article: Article | undefined; faults: number };

/**
 * One article file. Each fault with the line of the file where it stands, undefined where the file is not text.
 * `isOlder`: `article` is not what stands in the file now, which cannot be drawn.
 */
export type DeskArticle = Omit<DeskEntry, 'faults'> & {
  path: string;
  faults: (Fault & { text: string | undefined })[];
  isOlder: boolean;
};

/** Every article file, those with faults first, then by the day of their publication, the latest first. */
export function deskEntries(now: Date): DeskEntry[] {
  const counts = new Map<string, number>();
  for (const fault of catalog().problems()) {
    const slug = slugFrom(fault.path);
    if (slug !== undefined) counts.set(slug, (counts.get(slug) ?? 0) + 1);
  }
  const articles = catalog().articles();
  const known = new Set(articles.map(({ slug }) => slug));
  const entries = articles.map((article): DeskEntry => {
    const { slug } = article;
    return { slug, state: stateOf(article, now), article, faults: counts.get(slug) ?? 0 };
  });
  const drawnNever = [...counts].flatMap(([slug, faults]): DeskEntry[] =>
    known.has(slug) ? [] : [{ slug, state: 'faulty', article: undefined, faults }],
  );
  return [
    ...drawnNever,
    ...entries.filter(({ faults }) => faults > 0),
    ...entries.filter(({ faults }) => faults === 0),
  ];
}

/** The article file of this name as it is on disk now, with everything to mend in it; undefined when there is none. */
export function deskArticle(slug: string, now: Date): DeskArticle | undefined {
  if (!SLUG.test(slug)) return undefined;
  const root = readEnv().contentDir;
  const candidates = [`articles/${slug}.mdx`, `articles/${slug}/index.mdx`];
  const [file, found] =
    candidates.map((each) => [each, readText(root, each)] as const).find(([, { status }]) => status !== 'gone') ?? [];
  if (file === undefined || !found) return undefined;
  const shown = displayPath(root, file);
  const text = found.status === 'read' ? found.text : undefined;
  const article = catalog().article(slug);
  const isOlder = article !== undefined && catalog().source(slug)?.text !== text;
  const known = catalog()
    .problems()
    .filter((fault) => path.resolve(fault.path) === path.resolve(shown));
  // What could not be drawn has said so; its text may be made to stall a parser.
  const more = known.length === 0 && text !== undefined ? faultsIn(slug, shown, text, now) : [];
  const lines = text?.split('\n');
  const faults = [...known, ...more].sort(byPlace).map((fault) => ({ ...fault, text: lines?.[fault.line - 1] }));
  return { slug, path: shown, state: article ? stateOf(article, now) : 'faulty', article, faults, isOlder };
}

/** What an editor should mend before readers see it. Headings that links into other articles name are left to `content:check`. */
function faultsIn(slug: string, shown: string, text: string, now: Date): Fault[] {
  const split = splitArticle(shown, text);
  if (split.status === 'broken') return split.faults;
  const { source } = split.value;
  const { faults, links, ids } = inspect(source, catalog().figures());
  const article = catalog().article(slug);
  const reader: Reader = {
    snapshot: catalog().snapshot(now),
    mayFollowHidden: article === undefined || !isVisible(article, now),
    article: catalog().article,
    idsOf: (target) => (target === slug ? ids : undefined),
  };
  const dead = links.flatMap((link): Fault[] => {
    const message = deadLink(link, slug, reader);
    return message === undefined ? [] : [{ ...placeOf(source, link.offset), message }];
  });
  const unsaid = article?.image && altFault(article.image.alt, article.image.file, 'imageAlt');
  const alt = unsaid === undefined ? [] : [{ ...placeOfKey(source, 'imageAlt'), message: unsaid }];
  return [...faults, ...dead, ...alt];
}

function stateOf(article: Article, now: Date): DeskState {
  if (article.draft) return 'draft';
  if (isVisible(article, now)) return 'public';
  return article.publishedAt > now ? 'scheduled' : 'ended';
}

function slugFrom(file: string): string | undefined {
  return /\barticles\/([^/]+?)(?:\/index)?\.mdx$/.exec(file)?.[1];
}
