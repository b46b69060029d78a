import '#server-only';
import { hash } from 'node:crypto';
import { locateQuiz } from '#lib/quiz/addresses.ts';
import { readPage } from './pages.ts';
import type { Article } from './schema.ts';
import { readQuery } from './search/query.ts';
import { searcher } from './search.ts';
import { hasSitemapPart } from './sitemap.ts';
import type { Snapshot } from './snapshot.ts';
import { shareImagePath } from './structured-data.ts';
import { findTag, tagHref } from './tags.ts';

/** `passing`: one of endlessly many, which anybody can ask for (a search), and which must not push out the others. */
export type LocatedPage = { status: 'page'; key: string; url: string; revision: string; passing?: true };

/** What stands at an address: a page in its present revision, another address, an article that cannot be drawn. */
export type Located = LocatedPage | { status: 'moved'; location: string } | { status: 'broken' };

const FIXED = new Set([
  '/',
  '/service',
  '/privacy',
  '/accessibility',
  '/about/60-seconds',
  '/feed.xml',
  '/robots.txt',
  '/llms.txt',
  '/share.png',
]);

// An article's revision takes a pass over its neighbours; a page is asked for thousands of times between two changes.
const revisions = new WeakMap<Snapshot, Map<string, string>>();

function onceFor(snapshot: Snapshot, key: string, make: () => string): string {
  const known = revisions.get(snapshot) ?? new Map<string, string>();
  revisions.set(snapshot, known);
  const revision = known.get(key) ?? make();
  known.set(key, revision);
  return revision;
}

/**
 * Finds what readers see at a path, decoded and without trailing slash. Of the parameters `page` of a list, `q` and `page` of
 * a search, `part` of the sitemap and the answers of the quiz count, each in one spelling; others do not, so that they cannot multiply pages in the cache.
 * Every unknown address is the same page, with status 404.
 * @param isSearchReady whether the order of search results is final for this snapshot.
 */
export function locate(
  snapshot: Snapshot,
  pathname: string,
  query = new URLSearchParams(),
  isSearchReady = (now: Snapshot) => searcher().isReadyFor(now),
): Located {
  const page = (path: string): Located => {
    return { status: 'page', key: path, url: path, revision: onceFor(snapshot, path, () => snapshot.revisionOf(path)) };
  };
  const list = (path: string, articles: readonly Article[]): Located => {
    const read = readPage(articles, query.getAll('page'));
    if (read.status === 'unknown') return page('/not-found');
    if (read.status === 'moved') return { status: 'moved', location: `${path}?page=${read.to}` };
    const { articles: shown, ...place } = read.page;
    const key = place.isNewest ? path : `${path}?page=${place.number}`;
    const revision = onceFor(snapshot, key, () => digest([snapshot.revisionOfCards(shown), place]));
    return { status: 'page', key, url: key, revision };
  };
  if (FIXED.has(pathname)) return page(pathname);
  if (pathname === '/articles') return list(pathname, snapshot.visible);
  if (pathname === '/quiz' || pathname.startsWith('/quiz/')) {
    const quiz = locateQuiz(pathname, query);
    if (quiz.status === 'moved') return quiz;
    if (quiz.status === 'unknown') return page('/not-found');
    const { url, passing } = quiz;
    const revision = onceFor(snapshot, '/quiz', () => snapshot.revisionOf('/quiz'));
    return { status: 'page', key: url, url, revision, ...(passing && { passing }) };
  }
  if (pathname === '/sitemap.xml') {
    const part = query.get('part');
    if (!hasSitemapPart(snapshot, part)) return page('/not-found');
    const key = part === null ? pathname : `${pathname}?part=${part}`;
    return {
      status: 'page',
      key,
      url: key,
      revision: onceFor(snapshot, pathname, () => snapshot.revisionOf(pathname)),
    };
  }
  if (pathname === '/search') return search(snapshot, query, isSearchReady);
  const [, pictured] = /^\/articles\/([^/]+)\/share\.png$/.exec(pathname) ?? [];
  if (pictured !== undefined) {
    const found = snapshot.find(pictured);
    if (found.status === 'visible') return page(pathname);
    return found.status === 'moved' ? { status: 'moved', location: shareImagePath(found.to) } : page('/not-found');
  }
  const [, room, name = ''] = /^\/(articles|categories|authors|tags)\/([^/]+)$/.exec(pathname) ?? [];
  if (room === 'articles') {
    const found = snapshot.find(name);
    if (found.status === 'visible' || found.status === 'gone') return page(pathname);
    if (found.status === 'moved') return { status: 'moved', location: `/articles/${found.to}` };
    if (found.status === 'broken') return { status: 'broken' };
  }
  if (room === 'categories' && snapshot.categories.some(({ id }) => id === name)) {
    return list(pathname, snapshot.byCategory(name));
  }
  if (room === 'authors' && snapshot.authors.some(({ id }) => id === name)) {
    return list(pathname, snapshot.byAuthor(name));
  }
  if (room === 'tags') {
    const found = findTag(snapshot, name);
    const href = found.status === 'unknown' ? undefined : tagHref(found.tag);
    if (found.status === 'tag' && href !== undefined) return list(href, found.articles);
    if (found.status === 'moved' && href !== undefined) return { status: 'moved', location: href };
  }
  return page('/not-found');
}

const kept = new WeakMap<Snapshot, Map<string, LocatedPage>>();

/**
 * The page that was located under this very target, as it came over the network, in the same snapshot. Most requests are
 * for one of these, and reading and judging an address anew takes as long as all the rest of an answer.
 */
export function locatedBefore(snapshot: Snapshot, target: string | undefined): LocatedPage | undefined {
  return kept.get(snapshot)?.get(target ?? '');
}

/** Keeps what `locate` found, where the target is the page's own name: of other spellings there is no end. */
export function keepLocated(snapshot: Snapshot, target: string | undefined, page: LocatedPage): void {
  if (target !== page.key || page.passing) return;
  const pages = kept.get(snapshot) ?? new Map<string, LocatedPage>();
  kept.set(snapshot, pages.set(target, page));
}

/** Queries that are shown alike are one page. The number of its pages is known only to the page itself. */
function search(snapshot: Snapshot, query: URLSearchParams, isReady: (snapshot: Snapshot) => boolean): Located {
  const asked = readQuery(query.get('q') ?? '');
  const base = asked.status === 'empty' ? '/search' : `/search?${new URLSearchParams({ q: asked.words })}`;
  const [typed = '1', ...repeated] = query.getAll('page');
  const number = Number(/^[1-9]\d{0,3}$/.exec(typed)?.[0] ?? 0);
  if (number < 1 || repeated.length > 0 || (asked.status === 'empty' && number > 1)) {
    return { status: 'moved', location: base };
  }
  const url = number > 1 ? `${base}&page=${number}` : base;
  const revision = onceFor(snapshot, '/search', () => snapshot.revisionOf('/search'));
  if (asked.status === 'empty') return { status: 'page', key: url, url, revision };
  return { status: 'page', key: url, url, revision: isReady(snapshot) ? revision : `${revision}-early`, passing: true };
}

function digest(parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 16);
}
