import '#server-only';
import { hash } from 'node:crypto';
import { site } from '#lib/site.ts';
import type { Article, Author, Category, Fault, Figure } from './schema.ts';

/** What readers may see at one moment, until `nextChangeAt` or the next change of a file. */
export type Snapshot = {
  /** Newest first. */
  visible: readonly Article[];
  find(slug: string): Found;
  /** In the order of content/categories.yaml. */
  categories: readonly Category[];
  authors: readonly Author[];
  byCategory(id: string): readonly Article[];
  byAuthor(id: string): readonly Article[];
  /** Up to `count` visible articles close to this one, closest first. */
  related(slug: string, count?: number): readonly Article[];
  /** Figures younger than the limit in lib/site.ts, in the order of content/figures.yaml. */
  figures: readonly Figure[];
  /** When an article appears or disappears, or a figure gets too old, although no file changes. */
  nextChangeAt: Date | null;
  /** Changes when anything that the page at `path` shows from the content folder does. Short, URL-safe. */
  revisionOf(path: string): string;
};

/** What became of an address `/articles/SLUG`. */
export type Found =
  | { status: 'visible'; article: Article }
  | { status: 'hidden' }
  | { status: 'broken'; faults: readonly Fault[] }
  | { status: 'moved'; to: string }
  | { status: 'unknown' };

/** Everything that could be shown, whatever the time. Made anew for every change of a file. */
export type Stock = {
  /** Newest first, drafts and past and future articles included. */
  articles: readonly Article[];
  bySlug: ReadonlyMap<string, Article>;
  /** Hash of the file an article was read from. */
  sourceHash(slug: string): string;
  /** Articles of which there is no good version. */
  broken: ReadonlyMap<string, readonly Fault[]>;
  aliases: ReadonlyMap<string, string>;
  categories: readonly Category[];
  authors: readonly Author[];
  figures: readonly Figure[];
};

/** The one place that decides what readers see, for page, lists, search, feed, sitemap and related articles. */
export function isVisible(article: Pick<Article, 'draft' | 'publishedAt' | 'expiresAt'>, now: Date): boolean {
  return !article.draft && article.publishedAt <= now && (!article.expiresAt || now < article.expiresAt);
}

/** When a figure stops being shown. */
function figureEndsAt(figure: Figure): Date {
  const end = new Date(figure.asOf);
  end.setUTCMonth(end.getUTCMonth() + site.figureLimitMonths);
  return end;
}

const digest = (parts: readonly unknown[]): string => hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 16);

// An article object lives as long as its file does not change, and so does what its card shows.
const cardHashes = new WeakMap<Article, string>();
function cardHash(article: Article): string {
  const known = cardHashes.get(article);
  if (known !== undefined) return known;
  const made = digest([article]);
  cardHashes.set(article, made);
  return made;
}

/** The snapshot of `stock` at `now`. Costs one pass over all articles; the rest is worked out when asked for. */
export function takeSnapshot(stock: Stock, now: Date): Snapshot {
  const visible: Article[] = [];
  let nextChange = Number.POSITIVE_INFINITY;
  const changesAt = (instant: Date | undefined) => {
    if (instant && instant > now) nextChange = Math.min(nextChange, instant.getTime());
  };
  for (const article of stock.articles) {
    if (isVisible(article, now)) visible.push(article);
    if (!article.draft) {
      changesAt(article.publishedAt);
      changesAt(article.expiresAt);
    }
  }
  const figures = stock.figures.filter((figure) => now < figureEndsAt(figure));
  for (const figure of stock.figures) changesAt(figureEndsAt(figure));

  const groups = lazily(() => ({
    category: Map.groupBy(visible, (article) => article.category.id),
    author: Map.groupBy(visible, (article) => article.author.id),
  }));
  const byTag = lazily(() => {
    const map = new Map<string, Article[]>();
    for (const article of visible) {
      for (const tag of article.tags) {
        const list = map.get(tag);
        if (list) list.push(article);
        else map.set(tag, [article]);
      }
    }
    return map;
  });
  const site = lazily(() => digest([stock.categories, stock.authors, figures]));
  const lists = lazily(() => digest([site(), visible.map(cardHash)]));
  const bodies = lazily(() => digest([lists(), visible.map(({ slug }) => stock.sourceHash(slug))]));

  const snapshot: Snapshot = {
    visible,
    categories: stock.categories,
    authors: stock.authors,
    figures,
    nextChangeAt: nextChange === Number.POSITIVE_INFINITY ? null : new Date(nextChange),
    find(slug) {
      const article = stock.bySlug.get(slug);
      if (article) return isVisible(article, now) ? { status: 'visible', article } : { status: 'hidden' };
      const faults = stock.broken.get(slug);
      if (faults) return { status: 'broken', faults };
      const to = stock.aliases.get(slug);
      const target = to === undefined ? undefined : stock.bySlug.get(to);
      if (!target) return { status: 'unknown' };
      return isVisible(target, now) ? { status: 'moved', to: target.slug } : { status: 'hidden' };
    },
    byCategory: (id) => groups().category.get(id) ?? [],
    byAuthor: (id) => groups().author.get(id) ?? [],
    related(slug, count = 4) {
      const article = stock.bySlug.get(slug);
      return article ? closest(article, byTag(), groups().category.get(article.category.id) ?? [], visible, count) : [];
    },
    revisionOf(path) {
      const [, room, name = ''] = /^\/(articles|categories|authors)\/([^/]+)$/.exec(path) ?? [];
      if (path === '/search') return bodies();
      if (room === 'categories') return digest([site(), snapshot.byCategory(name).map(cardHash)]);
      if (room === 'authors') return digest([site(), snapshot.byAuthor(name).map(cardHash)]);
      const found = room === 'articles' ? snapshot.find(name) : undefined;
      if (found?.status !== 'visible') return lists();
      return digest([site(), stock.sourceHash(name), cardHash(found.article), snapshot.related(name).map(cardHash)]);
    },
  };
  return snapshot;
}

/** Of how many articles of a tag or category the newest are compared: keeps the cost the same in a large archive. */
const COMPARED = 40;

/** Shared tags count by their rarity, the category a little, then the newer article wins. */
function closest(
  article: Article,
  byTag: ReadonlyMap<string, readonly Article[]>,
  sameCategory: readonly Article[],
  newest: readonly Article[],
  count: number,
): Article[] {
  const scores = new Map<Article, number>();
  const score = (candidates: readonly Article[], points: number) => {
    for (const candidate of candidates.slice(0, COMPARED)) {
      if (candidate.slug !== article.slug) scores.set(candidate, (scores.get(candidate) ?? 0) + points);
    }
  };
  score(newest.slice(0, count + 1), 0);
  score(sameCategory, 0.1);
  for (const tag of article.tags) {
    const tagged = byTag.get(tag) ?? [];
    score(tagged, 1 / Math.log2(tagged.length + 2));
  }
  return [...scores]
    .sort(([a, points], [b, others]) => others - points || newestFirst(a, b))
    .slice(0, count)
    .map(([candidate]) => candidate);
}

export function newestFirst(a: Article, b: Article): number {
  return b.publishedAt.getTime() - a.publishedAt.getTime() || (a.slug < b.slug ? -1 : 1);
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
