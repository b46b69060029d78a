import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { CategoryNav } from '#components/category-nav.tsx';
import { PageHead } from '#components/page-head.tsx';
import { catalog } from '#lib/articles/catalog.ts';
import { readEnv } from '#lib/env.ts';
import { ListOfArticles, listMetadata, openListPage, type Parameters } from '../../list-page.tsx';

type Props = { params: Promise<{ slug: string }>; searchParams: Parameters };

export async function generateMetadata({ params, searchParams }: Props): Promise<Metadata> {
  const { category, path, articles } = readCategory((await params).slug);
  const { name, description } = category;
  return listMetadata({ path, title: `${name}の記事`, description }, await openListPage(path, articles, searchParams));
}

export default async function CategoryPage({ params, searchParams }: Props) {
  const { category, categories, path, articles } = readCategory((await params).slug);
  const page = await openListPage(path, articles, searchParams);
  return (
    <>
      <PageHead
        trail={[{ href: '/articles', label: '記事一覧' }]}
        here={{ href: path, label: category.name }}
        about={category.description}
        origin={readEnv().siteUrl}
      />
      <CategoryNav categories={categories} here={category.id} />
      {articles.length > 0 ? (
        <ListOfArticles path={path} page={page} level={2} />
      ) : (
        <p>
          この分類の記事は、まだありません。<a href="/articles">すべての記事</a>からお探しください。
        </p>
      )}
    </>
  );
}

/** The category at this address; without one the page ends. */
function readCategory(id: string) {
  const { categories, byCategory } = catalog().snapshot(new Date());
  const category = categories.find((each) => each.id === id);
  return category ? { category, categories, path: `/categories/${id}`, articles: byCategory(id) } : notFound();
}
