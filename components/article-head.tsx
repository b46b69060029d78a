import type { Article } from '#lib/articles/schema.ts';
import { Day } from './day.tsx';
import { Phrases } from './phrases.tsx';

const DISCLOSURES = {
  none: undefined,
  pr: '本サイトの運営者が提供するサービスへの、無料登録のご案内を含みます。',
  affiliate: 'リンク先でのお申し込みなどにより、運営者が報酬を受け取る場合があります。',
} as const satisfies Record<Article['disclosure'], string | undefined>;

/** Above the opening: category, title, dates, minutes to read, author, and whether this is advertising. */
export function ArticleHead({ article }: { article: Article }) {
  const { category, title, publishedAt, updatedAt, minutes, author } = article;
  const disclosure = DISCLOSURES[article.disclosure];
  return (
    <header className="article-head">
      <p>
        <a className="category" href={`/categories/${category.id}`}>
          {category.name}
        </a>
      </p>
      <h1>
        <Phrases text={title} />
      </h1>
      <div className="byline">
        <span>
          公開 <Day at={publishedAt} />
        </span>
        {updatedAt && (
          <span>
            更新 <Day at={updatedAt} />
          </span>
        )}
        <span>{minutes}分で読めます</span>
        <a href={`/authors/${author.id}`}>{author.name}</a>
      </div>
      {disclosure && (
        <p className="disclosure">
          <strong>PR</strong>
          {disclosure}
        </p>
      )}
    </header>
  );
}
