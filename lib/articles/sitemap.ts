import '#server-only';
import { readClaim } from '#lib/claim.ts';
import { quizHref } from '#lib/quiz/addresses.ts';
import { PMO_TYPES } from '#lib/quiz/schema.ts';
import { xmlText } from '#lib/xml.ts';
import { changedAt, newestChange } from './feed.ts';
import type { Snapshot } from './snapshot.ts';
import { articleImagePath } from './structured-data.ts';

/** The most addresses that one file may hold (https://www.sitemaps.org/protocol.html). */
const MOST_ADDRESSES = 50_000;

type Entry = { path: string; changed: Date; image?: string };

/**
 * Whether there is a sitemap file of this `part`, as it stands in the address: null for the file that stands for all,
 * `1`, `2`, … in one spelling where the site is too large for one file.
 */
export function hasSitemapPart(snapshot: Snapshot, part: string | null): boolean {
  return (
    part === null || chunks(entriesOf(snapshot)).some((_, index, all) => all.length > 1 && part === `${index + 1}`)
  );
}

/**
 * The addresses that a search engine should know (sitemaps.org 0.9), each with the instant at which what it shows really
 * changed, articles with their image. Categories and authors without an article are left out. With more than 50,000
 * addresses the file without a `part` is the index of the others. Ask only for parts that `hasSitemapPart` knows.
 */
export function sitemapXml(snapshot: Snapshot, origin: string, part: string | null = null): string {
  const parts = chunks(entriesOf(snapshot));
  const asked = part === null && parts.length === 1 ? parts[0] : parts[Number(part) - 1];
  return asked ? urlSet(asked, origin) : index(parts, origin);
}

function entriesOf({ visible, categories, authors, byCategory, byAuthor }: Snapshot): Entry[] {
  const lists = [
    ...categories.map(({ id }) => ({ path: `/categories/${id}`, articles: byCategory(id) })),
    ...authors.map(({ id }) => ({ path: `/authors/${id}`, articles: byAuthor(id) })),
  ];
  return [
    { path: '/', changed: newestChange(visible) },
    { path: '/articles', changed: newestChange(visible) },
    ...visible.map((article) => ({
      path: `/articles/${article.slug}`,
      changed: changedAt(article),
      image: articleImagePath(article),
    })),
    ...lists
      .filter(({ articles }) => articles.length > 0)
      .map(({ path, articles }) => ({ path, changed: newestChange(articles) })),
    ...['/service', '/quiz', ...PMO_TYPES.map(quizHref), '/privacy', '/accessibility'].map((path) => ({
      path,
      changed: newestChange([]),
    })),
    { path: '/about/60-seconds', changed: readClaim().measuredAt },
  ];
}

function chunks(entries: readonly Entry[]): Entry[][] {
  return Array.from({ length: Math.ceil(entries.length / MOST_ADDRESSES) }, (_, index) =>
    entries.slice(index * MOST_ADDRESSES, (index + 1) * MOST_ADDRESSES),
  );
}

function urlSet(entries: readonly Entry[], origin: string): string {
  const urls = entries.map(({ path, changed, image }) => {
    const picture = image && `<image:image><image:loc>${xmlText(origin + image)}</image:loc></image:image>`;
    return `<url>${place(origin + path, changed)}${picture ?? ''}</url>\n`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
${urls.join('')}</urlset>
`;
}

function index(parts: readonly (readonly Entry[])[], origin: string): string {
  const files = parts.map((entries, at) => {
    const newest = Math.max(...entries.map(({ changed }) => changed.getTime()));
    return `<sitemap>${place(`${origin}/sitemap.xml?part=${at + 1}`, new Date(newest))}</sitemap>\n`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${files.join('')}</sitemapindex>
`;
}

function place(address: string, changed: Date): string {
  return `<loc>${xmlText(address)}</loc><lastmod>${changed.toISOString()}</lastmod>`;
}
