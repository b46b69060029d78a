import type { Category } from '#lib/articles/schema.ts';
import './category-nav.css';

/** The ways into the archive; `here` is the category being shown. */
export function CategoryNav({ categories, here }: { categories: readonly Category[]; here?: string }) {
  return (
    <nav className="category-nav" aria-label="分類">
      <ul>
        {categories.map(({ id, name }) => (
          <li key={id}>
            <a href={`/categories/${id}`} aria-current={id === here ? 'page' : undefined}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
