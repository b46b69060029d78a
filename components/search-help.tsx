import type { ReactNode } from 'react';
import type { Article, Category } from '#lib/articles/schema.ts';
import { registerHref } from '#lib/site.ts';
import { type TagLink, Tags } from './article-ways.tsx';
import { CategoryNav } from './category-nav.tsx';
import { Entries } from './entries.tsx';
import './search-results.css';

/** What to do when no article has the words: `others` are words close to them that articles do have. */
export function NothingFound({ others }: { others: readonly { words: string; total: number }[] }) {
  return (
    <>
      <p className="search-count">
        <strong>この言葉を含む記事は、見つかりませんでした。</strong>
      </p>
      {others.length > 0 && (
        <>
          <p>近い言葉を含む記事はあります。</p>
          <ul className="search-others">
            {others.map(({ words, total }) => (
              <li key={words}>
                <a href={`/search?${new URLSearchParams({ q: words })}`}>
                  「{words}」で検索する（{total}件）
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
      <ul className="search-hints">
        <li>言葉を短くすると、見つかりやすくなります（「議事録の書き方」より「議事録」）。</li>
        <li>空白で区切った言葉は、すべて含む記事だけが見つかります。</li>
        <li>変換の誤りや、言い換えられる言葉がないかをお確かめください。</li>
      </ul>
    </>
  );
}

/** The other ways into the archive, and to a person who answers. */
export function WaysOn({
  categories,
  tags,
  newest,
}: {
  categories: readonly Category[];
  tags: readonly TagLink[];
  newest: readonly Article[];
}): ReactNode {
  return (
    <>
      <section className="band" aria-labelledby="ways">
        <h2 id="ways">分類とタグから探す</h2>
        <CategoryNav categories={categories} />
        <Tags tags={tags} />
      </section>
      {newest.length > 0 && (
        <section className="band" aria-labelledby="newest">
          <h2 id="newest">新着記事</h2>
          <Entries articles={newest} level={3} brief />
        </section>
      )}
      <p className="search-ask">
        働き方や案件について、担当者に直接お尋ねになりたい方は、
        <a href={registerHref('search')}>無料登録</a>からご相談ください。
      </p>
    </>
  );
}
