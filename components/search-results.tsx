import type { Article } from '#lib/articles/schema.ts';
import { Entry } from './entries.tsx';
import { Marked, type MarkedText } from './marked.tsx';
import './search-results.css';

/** Articles that were found, in the order given, with what was searched for marked. */
export function SearchResults({
  found,
}: {
  found: readonly { article: Article; title: MarkedText; excerpt: MarkedText }[];
}) {
  return (
    <ul className="entries">
      {found.map(({ article, title, excerpt }) => (
        <Entry key={article.slug} article={article} level={2} title={<Marked marked={title} title />}>
          <p className="entry-summary entry-excerpt">
            <Marked marked={excerpt} />
          </p>
        </Entry>
      ))}
    </ul>
  );
}
