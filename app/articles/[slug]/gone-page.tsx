import { Entries } from '#components/entries.tsx';
import { Phrases } from '#components/phrases.tsx';
import type { Article } from '#lib/articles/schema.ts';

export const GONE_TITLE = 'この記事は公開を終えました';

/**
 * What stands at the address of an article that was taken back: nothing of the article, and what to read `instead`. No
 * search field: every article would carry its styles.
 */
export function GonePage({ instead }: { instead: readonly Article[] }) {
  return (
    <>
      <div className="sheet">
        <h1>
          <Phrases text={GONE_TITLE} />
        </h1>
        <p>
          掲載する期間が過ぎたか、内容を見直すために取り下げました。<a href="/articles">記事一覧</a>か、
          <a href="/search">検索</a>から、ほかの記事をお探しください。
        </p>
      </div>
      {instead.length > 0 && (
        <section className="band" aria-labelledby="instead">
          <h2 id="instead">近い内容の記事</h2>
          <Entries articles={instead} level={3} brief />
        </section>
      )}
    </>
  );
}
