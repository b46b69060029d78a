import type { Author } from '#lib/articles/schema.ts';

/** Who wrote the article, at its end. */
export function AuthorBox({ author, supervisor }: { author: Author; supervisor: Author | undefined }) {
  return (
    <section className="author-box" aria-labelledby="author">
      <h2 id="author">この記事の執筆者</h2>
      <Signature of={author} />
      {supervisor && (
        <>
          <h2>監修</h2>
          <Signature of={supervisor} />
        </>
      )}
    </section>
  );
}

function Signature({ of: { id, name, summary } }: { of: Author }) {
  return (
    <>
      <p className="author-name">
        <a href={`/authors/${id}`}>{name}</a>
      </p>
      <p>{summary}</p>
    </>
  );
}
