import { catalog } from '#lib/articles/catalog.ts';
import { sitemapXml } from '#lib/articles/sitemap.ts';
import { readEnv } from '#lib/env.ts';

export const dynamic = 'force-dynamic';

export function GET(): Response {
  const sitemap = sitemapXml(catalog().snapshot(new Date()), readEnv().siteUrl);
  return new Response(sitemap, { headers: { 'content-type': 'application/xml; charset=utf-8' } });
}
