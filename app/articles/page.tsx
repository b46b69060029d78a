import type { Metadata } from 'next';
import { CategoryNav } from '#components/category-nav.tsx';
import { PageHead } from '#components/page-head.tsx';
import { SearchForm } from '#components/search-form.tsx';
import { catalog } from '#lib/articles/catalog.ts';
import { readEnv } from '#lib/env.ts';
import { ListOfArticles, listMetadata, openListPage, type Parameters } from '../list-page.tsx';

type Props = { searchParams: Parameters };

const here = { href: '/articles', label: '記事一覧' };
const about = 'PM・PdM・PMOの仕事の中身から、キャリア、フリーランスや副業という働き方まで、新しい順に並んでいます。';

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const page = await openListPage(here.href, catalog().snapshot(new Date()).visible, searchParams);
  return listMetadata({ path: here.href, title: here.label, description: about }, page);
}

export default async function ArticlesPage({ searchParams }: Props) {
  const { visible, categories } = catalog().snapshot(new Date());
  const page = await openListPage(here.href, visible, searchParams);
  return (
    <>
      <PageHead trail={[]} here={here} about={about} origin={readEnv().siteUrl} />
      <SearchForm />
      <CategoryNav categories={categories} />
      <ListOfArticles path={here.href} page={page} level={2} />
    </>
  );
}
