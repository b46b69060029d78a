import '#server-only';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { chooseEncoding, isCompressedAlready } from './encode.ts';
import type { Page, PageCache } from './page-cache.ts';

/** Answers GET or HEAD with a kept page: the encoding that was asked for, a strong ETag for it, 304 where it matches. */
export async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  cache: PageCache,
  key: string,
  page: Page,
): Promise<void> {
  // Not every program that fetches a preview picture undoes an encoding.
  const encoding = isCompressedAlready(page.headers['content-type'])
    ? 'identity'
    : chooseEncoding(request.headers['accept-encoding']?.toString());
  const tag = `"${page.tag}-${encoding}"`;
  response.setHeader('vary', 'accept-encoding');
  // A proxy that knows this header (nginx) may answer with this page until the current second is over, and takes the
  // header out. `max-age` cannot say that: nginx would keep a page for one to two seconds (1.22, whole seconds).
  response.setHeader('x-accel-expires', `@${Math.floor(Date.now() / 1000)}`);
  for (const [name, value] of Object.entries(page.headers)) response.setHeader(name, value);
  if (page.status === 200) {
    response.setHeader('etag', tag);
    if (matches(request.headers['if-none-match'], tag)) {
      response.writeHead(304).end();
      return;
    }
  }
  const body = await cache.encoded(key, page, encoding);
  if (encoding !== 'identity') response.setHeader('content-encoding', encoding);
  response.setHeader('content-length', body.length);
  response.writeHead(page.status).end(request.method === 'HEAD' ? undefined : body);
}

/** If-None-Match compares weakly (RFC 9110 13.1.2): a proxy that recompressed a page made the tag weak. */
function matches(condition: string | undefined, tag: string): boolean {
  if (condition === undefined) return false;
  return (
    condition.trim() === '*' || condition.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === tag)
  );
}
