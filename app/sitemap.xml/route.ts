import { catalog } from '#lib/articles/catalog.ts';
import { hasSitemapPart, sitemapXml } from '#lib/articles/sitemap.ts';
import { readEnv } from '#lib/env.ts';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Response {
  const snapshot = catalog().snapshot(new Date());
  const part = new URL(request.url).searchParams.get('part');
  if (!hasSitemapPart(snapshot, part)) return new Response(null, { status: 404 });
  const sitemap = sitemapXml(snapshot, readEnv().siteUrl, part);
  return new Response(sitemap, { headers: { 'content-type': 'application/xml; charset=utf-8' } });
}
