import '#server-only';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { perProcess } from '#lib/per-process.ts';
import { type Catalog, catalog } from './catalog.ts';
import type { Article } from './schema.ts';
import { otherWords } from './search/alternatives.ts';
import type { Hit, IndexedArticle } from './search/article-index.ts';
import { openIndexThread } from './search/index-thread.ts';
import { plainProse } from './search/plain-prose.ts';
import { type Prose, proseOf } from './search/prose.ts';
import { type Query, readQuery } from './search/query.ts';
import type { Snapshot } from './snapshot.ts';
import type { Source } from './source.ts';

export type FoundArticle = Omit<Hit, 'slug'> & { article: Article };

export type SearchResult =
  /** `found` is empty where the page lies beyond the last. */
  | { status: 'found'; total: number; found: readonly FoundArticle[]; pages: number }
  /** No article has it; `others` are words close to it that articles have, most of them first. */
  | { status: 'nothing'; others: readonly { words: string; total: number }[] };

export type Searcher = {
  /**
   * The visible articles that have all that was asked for, best first: in the title, as a phrase, in headings or tags,
   * in the text; of equals the newer one. Pages count from 1. @throws when the thread of the index fails; the next
   * search starts another.
   */
  search(query: Extract<Query, { status: 'asked' }>, page: number): Promise<SearchResult>;
  /** Brings the index up to what readers see now. Searching does the same; this only makes the first one quick. */
  prepare(): Promise<void>;
  /**
   * Whether the index is built for `snapshot`. Until then searches find the same articles, but of those that were only
   * read through nobody knows yet how well they fit: the order of the answer may still change.
   */
  isReadyFor(snapshot: Snapshot): boolean;
  close(): Promise<void>;
};

export const FOUND_PER_PAGE = 10;
const OTHERS_SHOWN = 4;
/** Articles handed to the thread at a time: requests are answered in between. */
const BATCH = 32;

/** The searcher of this process. */
export function searcher(): Searcher {
  return perProcess('articles.search', () => openSearcher(catalog()));
}

/**
 * Searches what `articles` shows at the moment of asking. The index holds the visible articles and nothing else: before
 * each search it is given what changed since the last, so a draft, an expired article or an old text is never found.
 */
export function openSearcher(
  articles: Pick<Catalog, 'snapshot' | 'source' | 'compiled'>,
  clock = () => new Date(),
): Searcher {
  const known = new Map<string, Source>();
  let shown: Snapshot | undefined;
  let built: Snapshot | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const thread = openIndexThread(() => {
    known.clear();
    shown = undefined;
    built = undefined;
  });

  /** Changes and questions reach the thread in the order in which they were made. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function bringUpToDate(): Promise<Snapshot> {
    const snapshot = articles.snapshot(clock());
    if (snapshot === shown) return snapshot;
    const visible = new Set(snapshot.visible.map(({ slug }) => slug));
    const gone = [...known.keys()].filter((slug) => !visible.has(slug));
    if (gone.length > 0) await thread.ask({ kind: 'change', put: [], remove: gone });
    for (const slug of gone) known.delete(slug);
    // Oldest first: the index takes what comes later for newer.
    const changed = snapshot.visible.toReversed().flatMap((article) => {
      const source = articles.source(article.slug);
      return source && known.get(article.slug) !== source ? [{ article, source }] : [];
    });
    for (let start = 0; start < changed.length; start += BATCH) {
      const batch = changed.slice(start, start + BATCH);
      const put: IndexedArticle[] = [];
      for (const { article, source } of batch) put.push(await read(article, source));
      await thread.ask({ kind: 'change', put, remove: [] });
      for (const { article, source } of batch) known.set(article.slug, source);
      await nextTurn();
    }
    shown = snapshot;
    void thread.ask({ kind: 'built' }).then(
      () => {
        built = snapshot;
      },
      // The thread ended, and what it knew with it: the next search starts another.
      () => undefined,
    );
    return snapshot;
  }

  async function read({ slug, title, tags, description }: Article, source: Source): Promise<IndexedArticle> {
    const prose = plainProse(source.text.slice(source.bodyStart)) ?? (await compiledProse(slug));
    return { slug, title, tags: [...tags], description, ...prose };
  }

  /** The words as the real parser sees them; none while the article turns out not to be drawable. */
  async function compiledProse(slug: string): Promise<Prose> {
    const compiled = await articles.compiled(slug);
    return compiled.status === 'compiled' ? proseOf(compiled.body) : { headings: [], paragraphs: [] };
  }

  return {
    async search({ words, wanted }, page) {
      const question = { kind: 'search', wanted, offset: (page - 1) * FOUND_PER_PAGE, limit: FOUND_PER_PAGE } as const;
      const { snapshot, answer } = await inTurn(async () => {
        const snapshot = await bringUpToDate();
        return { snapshot, answer: thread.ask(question) };
      });
      const { total, hits } = await answer;
      if (total > 0) {
        const found = hits.flatMap(({ slug, ...marked }) => {
          const there = snapshot.find(slug);
          return there.status === 'visible' ? [{ article: there.article, ...marked }] : [];
        });
        return { status: 'found', total, found, pages: Math.ceil(total / FOUND_PER_PAGE) };
      }
      const others = otherWords(words).flatMap((other) => {
        const query = readQuery(other);
        return query.status === 'asked' ? [{ words: query.words, terms: query.wanted.terms }] : [];
      });
      const totals = await thread.ask({ kind: 'count', questions: others.map(({ terms }) => terms) });
      const helpful = others.map(({ words }, index) => ({ words, total: totals[index] ?? 0 }));
      return { status: 'nothing', others: helpful.filter(({ total }) => total > 0).slice(0, OTHERS_SHOWN) };
    },
    async prepare() {
      await inTurn(bringUpToDate);
      await thread.ask({ kind: 'built' });
    },
    isReadyFor: (snapshot) => snapshot === built,
    close: () => thread.close(),
  };
}
