import type { Metadata } from 'next';
import { site } from '#lib/site.ts';

/**
 * What a page says of itself to search engines and to whoever is sent its address. `path` is its one address, which
 * Next makes absolute from SITE_URL; `article` carries its instants. One place, because Next merges none of this with
 * the layout's: a page that sets a canonical address alone would lose the feed.
 */
export function pageMetadata({
  path,
  title,
  description,
  article,
}: {
  path: string;
  title: string;
  description: string;
  article?: { publishedAt: Date; updatedAt: Date | undefined };
}): Metadata {
  const shared = { siteName: site.name, locale: 'ja_JP', title, description, url: path };
  return {
    title: path === '/' ? { absolute: title } : title,
    description,
    alternates: { canonical: path, types: { 'application/atom+xml': '/feed.xml' } },
    openGraph: article
      ? {
          ...shared,
          type: 'article',
          publishedTime: article.publishedAt.toISOString(),
          modifiedTime: (article.updatedAt ?? article.publishedAt).toISOString(),
        }
      : { ...shared, type: 'website' },
  };
}
