import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { CategoryNav } from '#components/category-nav.tsx';
import { Entries } from '#components/entries.tsx';
import { PageHead } from '#components/page-head.tsx';
import { catalog } from '#lib/articles/catalog.ts';
import { readEnv } from '#lib/env.ts';
import { pageMetadata } from '#lib/page-metadata.ts';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const page = readCategory((await params).slug);
  if (!page) return {};
  const { id, name, description } = page.category;
  return pageMetadata({ path: `/categories/${id}`, title: `${name}の記事`, description });
}

export default async function CategoryPage({ params }: Props) {
  const page = readCategory((await params).slug);
  if (!page) notFound();
  const { category, categories, articles } = page;
  return (
    <>
      <PageHead
        trail={[{ href: '/articles', label: '記事一覧' }]}
        here={{ href: `/categories/${category.id}`, label: category.name }}
        about={category.description}
        origin={readEnv().siteUrl}
      />
      <CategoryNav categories={categories} here={category.id} />
      {articles.length > 0 ? (
        <Entries articles={articles} level={2} />
      ) : (
        <p>
          この分類の記事は、まだありません。<a href="/articles">すべての記事</a>からお探しください。
        </p>
      )}
    </>
  );
}

function readCategory(id: string) {
  const { categories, byCategory } = catalog().snapshot(new Date());
  const category = categories.find((each) => each.id === id);
  return category && { category, categories, articles: byCategory(id) };
}
