import type { Article } from './schema.ts';

/** Articles on a full page of a list. */
export const PAGE_LENGTH = 12;

/**
 * One page of a list. Pages are numbered from the oldest articles and filled up, so that a new article changes the
 * newest page and no other: the newest page, which stands at the list's own address, holds what is left over and one
 * page more. `?page=` with its number is the same page, so that the page before it can link to it for ever.
 */
export type ListPage = {
  articles: readonly Article[];
  number: number;
  isNewest: boolean;
  older: number | undefined;
  newer: number | undefined;
};

export type PageRead = { status: 'page'; page: ListPage } | { status: 'moved'; to: number } | { status: 'unknown' };

/**
 * Finds a page of `articles`, newest first, by the values of the address's `page`; none means the newest page. `moved`
 * where a page that exists is spelt in another way (`03`, `３`, given twice), `unknown` where there is none.
 */
export function readPage(articles: readonly Article[], values: readonly string[]): PageRead {
  const newest = Math.max(1, Math.floor(articles.length / PAGE_LENGTH));
  const [first] = values;
  const number = first === undefined ? newest : Number(/^\d{1,9}$/.exec(first.normalize('NFKC').trim())?.[0] ?? 0);
  if (number < 1 || number > newest) return { status: 'unknown' };
  if (first !== undefined && (first !== String(number) || values.length > 1)) return { status: 'moved', to: number };
  const isNewest = number === newest;
  const end = articles.length - (number - 1) * PAGE_LENGTH;
  return {
    status: 'page',
    page: {
      articles: articles.slice(isNewest ? 0 : end - PAGE_LENGTH, end),
      number,
      isNewest,
      older: number > 1 ? number - 1 : undefined,
      newer: isNewest ? undefined : number + 1,
    },
  };
}

/** The address of a page of the list at `path`. */
export function pageHref(path: string, { number, isNewest }: Pick<ListPage, 'number' | 'isNewest'>): string {
  return isNewest ? path : `${path}?page=${number}`;
}
