import type { Metadata } from 'next';
import { notFound, permanentRedirect } from 'next/navigation';
import { dayText } from '#components/day.tsx';
import { Entries } from '#components/entries.tsx';
import { Pager } from '#components/pager.tsx';
import { type ListPage, pageHref, readPage } from '#lib/articles/pages.ts';
import type { Article } from '#lib/articles/schema.ts';
import { pageMetadata } from '#lib/page-metadata.ts';
import '#components/list.css';

/** The parameters of an address, as Next hands them over. */
export type Parameters = Promise<Record<string, string | string[] | undefined>>;

/** The page of the list at `path` that the address asks for. Ends the rendering where there is none, or at another address. */
export async function openListPage(
  path: string,
  articles: readonly Article[],
  parameters: Parameters,
): Promise<ListPage> {
  const read = readPage(articles, [(await parameters).page ?? []].flat());
  switch (read.status) {
    case 'page':
      return read.page;
    case 'moved':
      return permanentRedirect(`${path}?page=${read.to}`);
    case 'unknown':
      return notFound();
  }
}

/** What a page of a list says of itself: older pages name the days from which their articles are. */
export function listMetadata(list: { path: string; title: string; description: string }, page: ListPage): Metadata {
  const path = pageHref(list.path, page);
  const title = page.isNewest ? list.title : `${list.title}（${daysOf(page)}）`;
  const { older, newer } = waysFrom(list.path, page);
  return {
    ...pageMetadata({ path, title, description: list.description }),
    pagination: { ...(newer && { previous: newer }), ...(older && { next: older }) },
  };
}

/** The articles of a page, with the ways to those before and after. Says on older pages from which days they are. */
export function ListOfArticles({ path, page, level }: { path: string; page: ListPage; level: 2 | 3 }) {
  const { older, newer } = waysFrom(path, page);
  return (
    <>
      {!page.isNewest && <p>{`${daysOf(page)}に公開した記事です。`}</p>}
      <Entries articles={page.articles} level={level} />
      <Pager
        previous={newer ? { href: newer, label: '新しい記事へ' } : undefined}
        next={older ? { href: older, label: '古い記事へ' } : undefined}
      />
    </>
  );
}

function waysFrom(path: string, { older, newer }: ListPage): { older: string | undefined; newer: string | undefined } {
  const href = (number: number | undefined) => (number === undefined ? undefined : `${path}?page=${number}`);
  return { older: href(older), newer: href(newer) };
}

function daysOf({ articles }: ListPage): string {
  const [newest, oldest] = [articles[0], articles.at(-1)];
  return newest && oldest ? `${dayText(oldest.publishedAt)}〜${dayText(newest.publishedAt)}` : '';
}
