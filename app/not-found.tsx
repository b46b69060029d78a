import type { Metadata } from 'next';
import { Entries } from '#components/entries.tsx';
import { Phrases } from '#components/phrases.tsx';
import { SearchForm } from '#components/search-form.tsx';
import { catalog } from '#lib/articles/catalog.ts';

const NEWEST_SHOWN = 4;

export const metadata: Metadata = { title: 'ページが見つかりません', robots: { index: false } };

export default function NotFound() {
  const { visible } = catalog().snapshot(new Date());
  return (
    <>
      <div className="sheet">
        <h1>
          <Phrases text="お探しのページは見つかりませんでした" />
        </h1>
        <p>
          アドレスが変わったか、公開を終えた可能性があります。<a href="/articles">記事一覧</a>か、
          <a href="/">トップページ</a>からお探しください。
        </p>
      </div>
      <SearchForm />
      <section className="band" aria-labelledby="newest">
        <h2 id="newest">新着記事</h2>
        <Entries articles={visible.slice(0, NEWEST_SHOWN)} level={3} brief />
      </section>
    </>
  );
}
