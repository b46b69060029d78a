import type { Metadata } from 'next';
import { site } from '#lib/site.ts';

/** What services that show a preview ask for; the size of all share images. */
export const SHARE_SIZE = { width: 1200, height: 630 } as const;

/**
 * What a page says of itself to search engines and to whoever is sent its address. `path` is its one address, which
 * Next makes absolute from SITE_URL; `article` carries its instants, `image` is the path of
 * its share image, which shows its title; without, it is the picture of the site. One place, because Next merges none of this with
 * the layout's: a page that sets a canonical address alone would lose the feed.
 */
export function pageMetadata({
  path,
  title,
  description,
  article,
  image,
}: {
  path: string;
  title: string;
  description: string;
  article?: { publishedAt: Date; updatedAt: Date | undefined };
  image?: string;
}): Metadata {
  const picture = image
    ? { url: image, ...SHARE_SIZE, type: 'image/png', alt: `${title}（${site.name}）` }
    : { url: '/share.png', ...SHARE_SIZE, type: 'image/png', alt: `${site.headline.join('')}（${site.name}）` };
  const shared = { siteName: site.name, locale: 'ja_JP', title, description, url: path, images: [picture] };
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
    // Title, description and picture are taken from above; only the size of the card has no other name.
    twitter: { card: 'summary_large_image' },
  };
}
