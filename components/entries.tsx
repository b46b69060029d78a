import type { ReactNode } from 'react';
import type { Article } from '#lib/articles/schema.ts';
import { Day } from './day.tsx';
import { Phrases } from './phrases.tsx';

type Level = 2 | 3;

/**
 * Articles as rows of a list, in the order given. `level` is that of their titles in the page's outline; `brief` rows
 * leave the description out.
 */
export function Entries({
  articles,
  level,
  brief = false,
}: {
  articles: readonly Article[];
  level: Level;
  brief?: boolean;
}) {
  return (
    <ul className={brief ? 'entries entries-brief' : 'entries'}>
      {articles.map((article) => (
        <Entry key={article.slug} article={article} level={level} title={<Phrases text={article.title} />}>
          {!brief && <p className="entry-summary">{article.description}</p>}
        </Entry>
      ))}
    </ul>
  );
}

/** One row; below its title what the list says of the article. */
export function Entry({
  article: { slug, category, publishedAt, minutes },
  level,
  title,
  children,
}: {
  article: Article;
  level: Level;
  title: ReactNode;
  children?: ReactNode;
}) {
  const Title = `h${level}` as const;
  return (
    <li className="entry">
      <p className="entry-line">
        <span>{category.name}</span>
        <Day at={publishedAt} />
        <span>{minutes}分で読めます</span>
      </p>
      <Title className="entry-title">
        <a href={`/articles/${slug}`}>{title}</a>
      </Title>
      {children}
    </li>
  );
}
