import '#server-only';
import { quizHref } from '#lib/quiz/addresses.ts';
import { PMO_TYPES } from '#lib/quiz/schema.ts';
import { xmlText } from '#lib/xml.ts';
import { changedAt, newestChange } from './feed.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * The addresses that a search engine should know (sitemaps.org 0.9), each with the day on which what it shows really
 * changed. Categories and authors without an article are left out.
 */
export function sitemapXml(snapshot: Snapshot, origin: string): string {
  const { visible, categories, authors, byCategory, byAuthor } = snapshot;
  const lists = [
    ...categories.map(({ id }) => ({ path: `/categories/${id}`, articles: byCategory(id) })),
    ...authors.map(({ id }) => ({ path: `/authors/${id}`, articles: byAuthor(id) })),
  ];
  const pages = [
    { path: '/', changed: newestChange(visible) },
    { path: '/articles', changed: newestChange(visible) },
    ...visible.map((article) => ({ path: `/articles/${article.slug}`, changed: changedAt(article) })),
    ...lists
      .filter(({ articles }) => articles.length > 0)
      .map(({ path, articles }) => ({ path, changed: newestChange(articles) })),
    ...['/service', '/quiz', ...PMO_TYPES.map(quizHref), '/privacy'].map((path) => ({
      path,
      changed: newestChange([]),
    })),
  ];
  const urls = pages.map(
    ({ path, changed }) =>
      `<url><loc>${xmlText(origin + path)}</loc><lastmod>${changed.toISOString()}</lastmod></url>\n`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${urls.join('')}</urlset>
`;
}
