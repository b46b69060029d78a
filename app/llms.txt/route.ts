import { catalog } from '#lib/articles/catalog.ts';
import { llmsText } from '#lib/articles/llms.ts';
import { readEnv } from '#lib/env.ts';

export const dynamic = 'force-dynamic';

export function GET(): Response {
  const text = llmsText(catalog().snapshot(new Date()), readEnv().siteUrl);
  return new Response(text, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
}
