import type { Metadata } from 'next';
import { Breadcrumb } from '#components/breadcrumb.tsx';
import { Pager } from '#components/pager.tsx';
import { Phrases } from '#components/phrases.tsx';
import { SearchForm } from '#components/search-form.tsx';
import { NothingFound, WaysOn } from '#components/search-help.tsx';
import { SearchResults } from '#components/search-results.tsx';
import { catalog } from '#lib/articles/catalog.ts';
import { QUERY_LIMIT, type Query, readQuery } from '#lib/articles/search/query.ts';
import { FOUND_PER_PAGE, type SearchResult, searcher } from '#lib/articles/search.ts';
import { tagHref } from '#lib/articles/tags.ts';
import { readEnv } from '#lib/env.ts';
import { pageMetadata } from '#lib/page-metadata.ts';
import { setStatus } from '#lib/request-context.ts';

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** So much of the words stands in titles; all of them in the field. */
const SHOWN = 30;
const NEWEST_SHOWN = 4;
const DESCRIPTION =
  'PMとPMOの仕事、単価、契約、キャリアの記事を、本文の言葉から探せます。分類とタグ、新しい記事からも選べます。';
const TAGS_SHOWN = 16;

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const { query, page } = await readParameters(searchParams);
  const title = page > 1 ? `${headingOf(query)}（${page}ページ目）` : headingOf(query);
  // The page to search from may be found; what was searched for are endlessly many pages without words of their own.
  if (query.status === 'empty') return pageMetadata({ path: '/search', title, description: DESCRIPTION });
  return { title, description: DESCRIPTION, robots: { index: false, follow: true } };
}

export default async function SearchPage({ searchParams }: Props) {
  const { query, page } = await readParameters(searchParams);
  const result = query.status === 'asked' ? await searcher().search(query, page) : undefined;
  if (query.status === 'too-long') setStatus(400);
  if (result?.status === 'found' && page > result.pages) setStatus(404);
  const heading = headingOf(query);
  return (
    <>
      <header className="page-head">
        <Breadcrumb
          trail={[{ href: '/articles', label: '記事一覧' }]}
          here={{ href: '/search', label: heading }}
          origin={readEnv().siteUrl}
        />
        <h1>
          <Phrases text={heading} />
        </h1>
      </header>
      <SearchForm words={query.status === 'empty' ? '' : query.words} />
      {query.status === 'too-long' && (
        <p>
          検索できるのは{QUERY_LIMIT}文字までです。{[...query.words].length.toLocaleString('ja-JP')}
          文字が入力されているので、言葉をいくつか選んで短くしてください。
        </p>
      )}
      {query.status === 'empty' && <p>題名、見出し、本文から探します。1文字でも、いくつかの言葉でも検索できます。</p>}
      {query.status === 'asked' && result && <Answer words={query.words} page={page} result={result} />}
      {result?.status !== 'found' && <WaysOn {...waysOn()} />}
    </>
  );
}

function Answer({ words, page, result }: { words: string; page: number; result: SearchResult }) {
  if (result.status === 'nothing') return <NothingFound others={result.others} />;
  const { total, found, pages } = result;
  const href = (number: number) =>
    `/search?${new URLSearchParams(number > 1 ? { q: words, page: String(number) } : { q: words })}`;
  const first = (page - 1) * FOUND_PER_PAGE + 1;
  if (found.length === 0) {
    return (
      <p>
        見つかった記事は{pages}ページまでの{total}件です。<a href={href(1)}>最初のページを見る</a>
      </p>
    );
  }
  return (
    <>
      <p className="search-count">
        {pages > 1 ? `${total}件の記事のうち${first}〜${first + found.length - 1}件目` : `${total}件の記事`}
      </p>
      <SearchResults found={found} />
      <Pager
        previous={page > 1 ? { href: href(page - 1), label: `前の${FOUND_PER_PAGE}件` } : undefined}
        next={page < pages ? { href: href(page + 1), label: '続き' } : undefined}
        position={`${page} / ${pages}ページ`}
      />
    </>
  );
}

function headingOf(query: Query): string {
  switch (query.status) {
    case 'empty':
      return '記事を検索';
    case 'too-long':
      return '検索の言葉が長すぎます';
    case 'asked':
      return `「${shortened(query.words)}」の検索結果`;
  }
}

function shortened(words: string): string {
  const letters = [...words];
  return letters.length > SHOWN ? `${letters.slice(0, SHOWN).join('')}…` : words;
}

/** The first `q`, and a page from 1; server.ts leads other spellings here. */
async function readParameters(parameters: Props['searchParams']): Promise<{ query: Query; page: number }> {
  const { q, page } = await parameters;
  const number = Number([page].flat()[0] ?? 1);
  return { query: readQuery([q].flat()[0] ?? ''), page: Number.isInteger(number) && number > 0 ? number : 1 };
}

/** Other ways into the archive: the tags of most articles, the newest articles. */
function waysOn() {
  const { categories, byCategory, tags, byTag, visible } = catalog().snapshot(new Date());
  const known = tags
    .map((tag) => ({ tag, href: tagHref(tag), count: byTag(tag).length }))
    .flatMap(({ tag, href, count }) => (href !== undefined && count > 0 ? [{ tag, href, count }] : []))
    .sort((a, b) => b.count - a.count);
  return {
    categories: categories.filter(({ id }) => byCategory(id).length > 0),
    tags: known.slice(0, TAGS_SHOWN),
    newest: visible.slice(0, NEWEST_SHOWN),
  };
}
