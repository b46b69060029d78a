import '#server-only';
import type { Snapshot } from './snapshot.ts';

/** What stands at an address: a page in its present revision, another address, an article that cannot be drawn. */
export type Located =
  | { status: 'page'; key: string; url: string; revision: string }
  | { status: 'moved'; location: string }
  | { status: 'broken' };

const FIXED = new Set(['/', '/articles', '/privacy', '/feed.xml', '/sitemap.xml', '/robots.txt']);

// An article's revision takes a pass over its neighbours; a page is asked for thousands of times between two changes.
const revisions = new WeakMap<Snapshot, Map<string, string>>();

function revisionOf(snapshot: Snapshot, pathname: string): string {
  const known = revisions.get(snapshot) ?? new Map<string, string>();
  revisions.set(snapshot, known);
  const revision = known.get(pathname) ?? snapshot.revisionOf(pathname);
  known.set(pathname, revision);
  return revision;
}

/**
 * Finds what readers see at a path, decoded and without trailing slash. Parameters that no page reads do not count, so
 * that they cannot multiply pages in the cache; every unknown path is the same page, with status 404.
 */
export function locate(snapshot: Snapshot, pathname: string): Located {
  const page = (path: string): Located => ({
    status: 'page',
    key: path,
    url: path,
    revision: revisionOf(snapshot, path),
  });
  if (FIXED.has(pathname)) return page(pathname);
  const [, room, name = ''] = /^\/(articles|categories|authors)\/([a-z0-9-]+)$/.exec(pathname) ?? [];
  if (room === 'articles') {
    const found = snapshot.find(name);
    if (found.status === 'visible') return page(pathname);
    if (found.status === 'moved') return { status: 'moved', location: `/articles/${found.to}` };
    if (found.status === 'broken') return { status: 'broken' };
  }
  if (room === 'categories' && snapshot.categories.some(({ id }) => id === name)) return page(pathname);
  if (room === 'authors' && snapshot.authors.some(({ id }) => id === name)) return page(pathname);
  return page('/not-found');
}
