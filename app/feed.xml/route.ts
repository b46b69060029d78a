import { catalog } from '#lib/articles/catalog.ts';
import { atomFeed } from '#lib/articles/feed.ts';
import { readEnv } from '#lib/env.ts';

export const dynamic = 'force-dynamic';

export function GET(): Response {
  const feed = atomFeed(catalog().snapshot(new Date()).visible, readEnv().siteUrl);
  return new Response(feed, { headers: { 'content-type': 'application/atom+xml; charset=utf-8' } });
}
