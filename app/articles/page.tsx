import type { Metadata } from 'next';
import { CategoryNav } from '#components/category-nav.tsx';
import { Entries } from '#components/entries.tsx';
import { PageHead } from '#components/page-head.tsx';
import { catalog } from '#lib/articles/catalog.ts';
import { readEnv } from '#lib/env.ts';
import { pageMetadata } from '#lib/page-metadata.ts';

const here = { href: '/articles', label: '記事一覧' };
const about = 'PM・PdM・PMOの仕事の中身から、キャリア、フリーランスや副業という働き方まで、新しい順に並んでいます。';

export const metadata: Metadata = pageMetadata({ path: here.href, title: here.label, description: about });

export default function ArticlesPage() {
  const { visible, categories } = catalog().snapshot(new Date());
  return (
    <>
      <PageHead trail={[]} here={here} about={about} origin={readEnv().siteUrl} />
      <CategoryNav categories={categories} />
      <Entries articles={visible} level={2} />
    </>
  );
}
