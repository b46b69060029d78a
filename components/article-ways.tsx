import type { Article } from '#lib/articles/schema.ts';
import { Phrases } from './phrases.tsx';
import './article-ways.css';

export type TagLink = { tag: string; href: string };

/** What an article is about, each tag leading to the other articles that have it. */
export function Tags({ tags }: { tags: readonly TagLink[] }) {
  if (tags.length === 0) return null;
  return (
    <nav className="tags" aria-label="タグ">
      <ul>
        {tags.map(({ tag, href }) => (
          <li key={tag}>
            <a href={href}>{tag}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The articles that were published just before and just after the one above. */
export function Neighbours({ older, newer }: { older: Article | undefined; newer: Article | undefined }) {
  if (!older && !newer) return null;
  return (
    <nav className="neighbours" aria-label="前後の記事">
      {older && <Neighbour article={older} rel="prev" label="前の記事" />}
      {newer && <Neighbour article={newer} rel="next" label="次の記事" />}
    </nav>
  );
}

function Neighbour({
  article: { slug, title },
  rel,
  label,
}: {
  article: Article;
  rel: 'prev' | 'next';
  label: string;
}) {
  return (
    <a href={`/articles/${slug}`} rel={rel}>
      <small>{label}</small>
      <span className="phrases">
        <Phrases text={title} />
      </span>
    </a>
  );
}
