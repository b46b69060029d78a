import type { Article } from '#lib/articles/schema.ts';
import { Day } from './day.tsx';
import { Phrases } from './phrases.tsx';

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
  level: 2 | 3;
  brief?: boolean;
}) {
  const Title = `h${level}` as const;
  return (
    <ul className={brief ? 'entries entries-brief' : 'entries'}>
      {articles.map(({ slug, title, description, category, publishedAt, minutes }) => (
        <li className="entry" key={slug}>
          <p className="entry-line">
            <span>{category.name}</span>
            <Day at={publishedAt} />
            <span>{minutes}分で読めます</span>
          </p>
          <Title className="entry-title">
            <a href={`/articles/${slug}`}>
              <Phrases text={title} />
            </a>
          </Title>
          {!brief && <p className="entry-summary">{description}</p>}
        </li>
      ))}
    </ul>
  );
}
