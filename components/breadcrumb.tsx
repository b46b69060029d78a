import { JsonLd } from './json-ld.tsx';

export type Crumb = { href: string; label: string };

/**
 * The way from the home page down to `here`, for people and, as BreadcrumbList, for search engines. Addresses in
 * `trail` are paths; `origin` makes them absolute.
 */
export function Breadcrumb({ trail, here, origin }: { trail: readonly Crumb[]; here: Crumb; origin: string }) {
  const ways = [{ href: '/', label: 'トップ' }, ...trail];
  return (
    <nav className="breadcrumb" aria-label="現在の位置">
      <ol>
        {ways.map(({ href, label }) => (
          <li key={href}>
            <a href={href}>{label}</a>
          </li>
        ))}
      </ol>
      <JsonLd
        data={{
          '@context': 'https://schema.org',
          '@type': 'BreadcrumbList',
          itemListElement: [...ways, here].map(({ href, label }, index) => ({
            '@type': 'ListItem',
            position: index + 1,
            name: label,
            item: origin + href,
          })),
        }}
      />
    </nav>
  );
}
