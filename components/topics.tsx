import type { Category } from '#lib/articles/schema.ts';

/** The categories with what one finds in them. */
export function Topics({ categories }: { categories: readonly Category[] }) {
  return (
    <section className="band" aria-labelledby="topics">
      <h2 id="topics">知りたいことから探す</h2>
      <ul className="topics">
        {categories.map(({ id, name, description }) => (
          <li key={id}>
            <h3>
              <a href={`/categories/${id}`}>{name}</a>
            </h3>
            <p>{description}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
