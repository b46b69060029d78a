import '#server-only';
import path from 'node:path';
import { readEnv } from '#lib/env.ts';
import { ageingOf } from './ageing.ts';
import { catalog } from './catalog.ts';
import { deadLink, type Reader } from './dead-links.ts';
import { displayPath, readText } from './folder.ts';
import { altFault } from './images/alt.ts';
import { inspect } from './inspect.ts';
import { proofs } from './proofs.ts';
import { type Article, type Fault, SLUG } from './schema.ts';
import { isVisible } from './snapshot.ts';
import { placeOf, placeOfKey, splitArticle } from './source.ts';
import { byPlace } from './stock.ts';

// What an editor wants to know of articles, also of those that readers may not see: for the preview of `npm run dev`, and
// for a draft under its private address.

/** Where an article is on its way; `faulty` when there is no version of it that could be drawn. */
export type DeskState = 'draft' | 'scheduled' | 'public' | 'ended' | 'faulty';

/**
 * An article file as the list of the desk shows it. `article` is its last good version. Of language there are warnings
 * only where somebody had the article open.
 */
export type DeskEntry = {
  slug: string;
  state: DeskState;
  article: Article | undefined;
  faults: number;
  warnings: number;
};

type SeenFault = Fault & { text: string | undefined };

/**
 * One article file. Each fault and warning with the line of the file where it stands, undefined where the file is not
 * text. `isOlder`: `article` is not what stands in the file now, which cannot be drawn. `language`: whether the language
 * of the file as it is now was read; as long as not, warnings about it are those of the text that was read before.
 */
export type DeskArticle = Pick<DeskEntry, 'slug' | 'state' | 'article'> & {
  path: string;
  faults: SeenFault[];
  warnings: SeenFault[];
  isOlder: boolean;
  language: 'read' | 'reading' | 'unread';
};

/** Every article file, those with faults first, then by the day of their publication, the latest first. */
export function deskEntries(now: Date): DeskEntry[] {
  const faultsOf = countBySlug(catalog().problems());
  const ageing = countBySlug(ageingOf(readEnv().contentDir, catalog(), now).warnings);
  const articles = catalog().articles();
  const known = new Set(articles.map(({ slug }) => slug));
  const entries = articles.map((article): DeskEntry => {
    const { slug } = article;
    const slips = proofs().reader?.last(slug)?.slips.filter(isWarning).length ?? 0;
    const warnings = slips + (ageing.get(slug) ?? 0);
    return { slug, state: stateOf(article, now), article, faults: faultsOf.get(slug) ?? 0, warnings };
  });
  const drawnNever = [...faultsOf].flatMap(([slug, faults]): DeskEntry[] =>
    known.has(slug) ? [] : [{ slug, state: 'faulty', article: undefined, faults, warnings: 0 }],
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
  const source = isOlder ? undefined : catalog().source(slug);
  const { reader } = proofs();
  const language = (source && reader?.ask(slug, source)) ?? 'unread';
  const proof = reader?.last(slug);
  const all = [
    ...[...known, ...more, ...ageingOfArticle(shown, now)].map((fault) => seen(fault, text)),
    ...(proof?.slips ?? []).map((slip) => seen(slip, slip.path === shown ? proof?.source.text : undefined)),
  ].sort(byPlace);
  const faults = all.filter((fault) => !isWarning(fault));
  const state = article ? stateOf(article, now) : 'faulty';
  return { slug, path: shown, state, article, faults, warnings: all.filter(isWarning), isOlder, language };
}

function seen(fault: Fault, text: string | undefined): SeenFault {
  return { ...fault, text: text?.split('\n')[fault.line - 1] };
}

function ageingOfArticle(shown: string, now: Date): Fault[] {
  return ageingOf(readEnv().contentDir, catalog(), now).warnings.filter((warning) => warning.path === shown);
}

const isWarning = ({ severity }: Fault) => severity === 'warning';

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

function countBySlug(faults: readonly Fault[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { path: file } of faults) {
    const slug = slugFrom(file);
    if (slug !== undefined) counts.set(slug, (counts.get(slug) ?? 0) + 1);
  }
  return counts;
}

function slugFrom(file: string): string | undefined {
  return /\barticles\/([^/]+?)(?:\/index)?\.mdx$/.exec(file)?.[1];
}
