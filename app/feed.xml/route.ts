import { catalog } from '#lib/articles/catalog.ts';
import { atomFeed, type FeedEntry } from '#lib/articles/feed.ts';
import { feedBody } from '#lib/articles/feed-body.ts';
import type { Article } from '#lib/articles/schema.ts';
import { FEED_ENTRIES, type Snapshot } from '#lib/articles/snapshot.ts';
import { readEnv } from '#lib/env.ts';

export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  const snapshot = catalog().snapshot(new Date());
  const { siteUrl } = readEnv();
  const newest = snapshot.visible.slice(0, FEED_ENTRIES);
  const entries = await Promise.all(newest.map((article) => entry(article, snapshot, siteUrl)));
  return new Response(atomFeed(entries, siteUrl), {
    headers: { 'content-type': 'application/atom+xml; charset=utf-8' },
  });
}

/** An article that turns out broken keeps its summary: the next snapshot does not show it any more. */
async function entry(article: Article, { figures }: Snapshot, origin: string): Promise<FeedEntry> {
  const compiled = await catalog().compiled(article.slug);
  if (compiled.status === 'broken') return { article };
  const findFigure = (id: string) => figures.find((figure) => figure.id === id);
  return { article, html: feedBody(compiled.body, { origin, slug: article.slug, findFigure }) };
}
