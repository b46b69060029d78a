import '#server-only';
import { hash } from 'node:crypto';
import { site } from '#lib/site.ts';
import { closest } from './related.ts';
import type { Article, Author, Category, Fault, Figure } from './schema.ts';
import { type Lists, newestFirst, type Stock } from './stock.ts';

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
  /** Tags as they are written in articles, those of invisible ones included. */
  tags: readonly string[];
  byTag(tag: string): readonly Article[];
  /** The visible articles that were published just before and just after this one. */
  neighbours(slug: string): { older: Article | undefined; newer: Article | undefined };
  /** Up to `RELATED_SHOWN` visible articles close to this one, closest first. */
  related(slug: string): readonly Article[];
  /** Figures younger than the limit in lib/site.ts, in the order of content/figures.yaml. */
  figures: readonly Figure[];
  /** When an article appears or disappears, or a figure gets too old, although no file changes. */
  nextChangeAt: Date | null;
  /** Changes when anything that the page at `path` shows from the content folder does. Short, URL-safe. */
  revisionOf(path: string): string;
  /** Changes when anything that the cards of these articles show does. */
  revisionOfCards(articles: readonly Article[]): string;
};

/** How many articles, newest first, the feed brings whole: some 400 KB for articles of 7,000 characters. */
export const FEED_ENTRIES = 20;

const RELATED_SHOWN = 4;

/** What became of an address `/articles/SLUG`. */
export type Found =
  | { status: 'visible'; article: Article }
  | { status: 'hidden' }
  /** It was public and is no more: expired, or withdrawn by an `expiresAt` that has passed. `slug` is its own. */
  | { status: 'gone'; slug: string }
  | { status: 'broken'; faults: readonly Fault[] }
  | { status: 'moved'; to: string }
  | { status: 'unknown' };

/** The one place that decides what readers see, for page, lists, search, feed, sitemap and related articles. */
export function isVisible(article: Pick<Article, 'draft' | 'publishedAt' | 'expiresAt'>, now: Date): boolean {
  return !article.draft && article.publishedAt <= now && (!article.expiresAt || now < article.expiresAt);
}

/** What readers find at the address of an article in stock. */
function findIn(article: Article, now: Date): Extract<Found, { status: 'visible' | 'gone' | 'hidden' }> {
  if (isVisible(article, now)) return { status: 'visible', article };
  const hasEnded = !article.draft && article.expiresAt !== undefined && article.expiresAt <= now;
  return hasEnded ? { status: 'gone', slug: article.slug } : { status: 'hidden' };
}

/** When a figure stops being shown. */
export function figureEndsAt(figure: Figure): Date {
  return monthsAfter(figure.asOf, site.figureLimitMonths);
}

/** The same day and time so many months later. */
export function monthsAfter(instant: Date, months: number): Date {
  const end = new Date(instant);
  end.setUTCMonth(end.getUTCMonth() + months);
  return end;
}

const digest = (parts: readonly unknown[]): string => hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 16);

// An article object lives as long as its file does not change, and so does what its card shows; the words of authors
// and categories are in every revision anyway.
const cardHashes = new WeakMap<Article, string>();
function cardHash(article: Article): string {
  const known = cardHashes.get(article);
  if (known !== undefined) return known;
  // How long the body is shows on its own page alone, but for the minutes.
  const { author, supervisor, category, characters: _, ...own } = article;
  const made = digest([own, author.id, supervisor?.id, category.id]);
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

  // After a save of 10,000 articles every page is asked whether it still shows the same; comparing its article with some
  // hundred others each time took half of the server's time at three saves a second.
  if (stock.likenesses.until !== nextChange) {
    stock.likenesses.until = nextChange;
    // Another map: who still holds a snapshot of before goes on with its own.
    stock.likenesses.related = new Map();
  }
  const { related } = stock.likenesses;

  const categoryLists = visibleLists(stock.byCategory, now);
  const authorLists = visibleLists(stock.byAuthor, now);
  const sourceHash = (slug: string) => stock.versions.get(slug)?.sourceHash;
  const site = lazily(() => digest([stock.categories, stock.authors, figures]));
  const lists = lazily(() => snapshot.revisionOfCards(visible));
  const bodies = lazily(() => digest([lists(), visible.map(({ slug }) => sourceHash(slug))]));

  const snapshot: Snapshot = {
    visible,
    categories: stock.categories,
    authors: stock.authors,
    figures,
    nextChangeAt: nextChange === Number.POSITIVE_INFINITY ? null : new Date(nextChange),
    find(slug) {
      const article = stock.bySlug.get(slug);
      if (article) return findIn(article, now);
      const faults = stock.broken.get(slug);
      if (faults) return { status: 'broken', faults };
      const to = stock.aliases.get(slug);
      const target = to === undefined ? undefined : stock.bySlug.get(to);
      if (!target) return { status: 'unknown' };
      const there = findIn(target, now);
      return there.status === 'visible' ? { status: 'moved', to: target.slug } : there;
    },
    byCategory: categoryLists,
    byAuthor: authorLists,
    tags: [...stock.byTag.keys()],
    byTag: visibleLists(stock.byTag, now),
    neighbours(slug) {
      const at = placeOf(stock.bySlug.get(slug), visible);
      return at < 0 ? { older: undefined, newer: undefined } : { older: visible[at + 1], newer: visible[at - 1] };
    },
    related(slug) {
      const article = stock.bySlug.get(slug);
      if (!article) return [];
      const known = related.get(slug);
      if (known) return known.flatMap((other) => stock.bySlug.get(other) ?? []);
      const found = closest(article, stock, visible, (each) => isVisible(each, now), RELATED_SHOWN);
      related.set(
        slug,
        found.map((other) => other.slug),
      );
      return found;
    },
    revisionOfCards: (articles) => digest([site(), articles.map(cardHash)]),
    revisionOf(path) {
      const [, room, name = ''] = /^\/(articles|categories|authors)\/([^/]+)$/.exec(path) ?? [];
      if (path === '/search') return bodies();
      if (path === '/share.png') return digest([]);
      if (path === '/feed.xml') {
        const entries = visible.slice(0, FEED_ENTRIES);
        return digest([site(), entries.map(cardHash), entries.map(({ slug }) => sourceHash(slug))]);
      }
      const [, pictured] = /^\/articles\/([^/]+)\/share\.png$/.exec(path) ?? [];
      const picture = pictured === undefined ? undefined : stock.bySlug.get(pictured);
      if (picture) return digest([picture.title, picture.category.name]);
      if (room === 'categories') return snapshot.revisionOfCards(snapshot.byCategory(name));
      if (room === 'authors') return snapshot.revisionOfCards(snapshot.byAuthor(name));
      const found = room === 'articles' ? snapshot.find(name) : undefined;
      if (found?.status !== 'visible') return lists();
      const { older, newer } = snapshot.neighbours(name);
      const cards = [found.article, ...snapshot.related(name)].map(cardHash);
      return digest([site(), sourceHash(name), cards, older && cardHash(older), newer && cardHash(newer)]);
    },
  };
  return snapshot;
}

/** Where an article stands in a list, newest first; -1 when it does not. */
function placeOf(article: Article | undefined, list: readonly Article[]): number {
  if (!article) return -1;
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const there = list[middle];
    if (there && newestFirst(there, article) < 0) from = middle + 1;
    else to = middle;
  }
  return list[from] === article ? from : -1;
}

/** The visible part of each list, worked out when it is first asked for. */
function visibleLists(lists: Lists, now: Date): (id: string) => readonly Article[] {
  const made = new Map<string, readonly Article[]>();
  return (id) => {
    const list = made.get(id) ?? (lists.get(id) ?? []).filter((article) => isVisible(article, now));
    made.set(id, list);
    return list;
  };
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
