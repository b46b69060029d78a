import { readEnv } from '#lib/env.ts';

export const dynamic = 'force-dynamic';

// Nothing is forbidden here: a page that should not be indexed says so itself, which a crawler must be able to read.
export function GET(): Response {
  const robots = `User-agent: *\nDisallow:\n\nSitemap: ${readEnv().siteUrl}/sitemap.xml\n`;
  return new Response(robots, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
}
