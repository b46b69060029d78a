import '#server-only';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { chooseEncoding, type Encoding, isCompressedAlready } from './encode.ts';
import type { ReadyAnswer } from './fast-path.ts';
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
  const tags = tagsOf(page, encoding);
  // A proxy that knows this header (nginx) may answer with this page until the current second is over, and takes the
  // header out. `max-age` cannot say that: nginx would keep a page for one to two seconds (1.22, whole seconds).
  const head = [...headOf(page).fields, 'x-accel-expires', `@${Math.floor(Date.now() / 1000)}`];
  if (page.status === 200) {
    const held = matching(request.headers['if-none-match'], tags);
    head.push('etag', held ?? tags[0]);
    if (held !== undefined) {
      response.writeHead(304, head).end();
      return;
    }
  }
  const body = encoding === 'br' ? page.brotli : await cache.encoded(key, page, encoding);
  if (encoding !== 'identity') head.push('content-encoding', encoding);
  head.push('content-length', String(body.length));
  response.writeHead(page.status, head).end(request.method === 'HEAD' ? undefined : body);
}

/** The same answer as `serve` gives to a GET that takes brotli; undefined for what is no such page. */
export function readyAnswer(page: Page): ReadyAnswer | undefined {
  if (page.status !== 200 || isCompressedAlready(page.headers['content-type'])) return undefined;
  const [tag] = tagsOf(page, 'br');
  const { brotli: body } = page;
  const own = `etag: ${tag}\r\ncontent-encoding: br\r\ncontent-length: ${body.length}\r\n`;
  return { head: `HTTP/1.1 200 OK\r\n${headOf(page).lines}${own}`, body };
}

type Head = { fields: readonly string[]; lines: string };
const heads = new WeakMap<Page['headers'], Head>();

/** The headers of a page as names and values in turn, and as they are sent: put together once for all pages with the same. */
function headOf({ headers }: Page): Head {
  const known = heads.get(headers);
  if (known) return known;
  const fields = ['vary', 'accept-encoding', ...Object.entries(headers).flat()];
  const head = { fields, lines: fields.map((text, index) => `${text}${index % 2 === 0 ? ': ' : '\r\n'}`).join('') };
  heads.set(headers, head);
  return head;
}

/**
 * Under which tags this very content was ever sent in this encoding, the present one first. A strong tag stands for
 * bytes, and those of the hasty packing are others (RFC 9110 8.8.1).
 */
function tagsOf({ tag, hasty }: Page, encoding: Encoding): readonly [string, ...string[]] {
  const packed = `"${tag}-${encoding}"`;
  if (encoding !== 'br') return [packed];
  const hastily = `"${tag}-br-hasty"`;
  return hasty ? [hastily, packed] : [packed, hastily];
}

/**
 * The tag of the copy that the asking side holds, where its content is still that of the page. If-None-Match compares
 * weakly (RFC 9110 13.1.2): a proxy that recompressed a page made the tag weak.
 */
function matching(condition: string | undefined, tags: readonly string[]): string | undefined {
  if (condition === undefined) return undefined;
  if (condition.trim() === '*') return tags[0];
  const held = condition.split(',').map((candidate) => candidate.trim().replace(/^W\//, ''));
  return tags.find((tag) => held.includes(tag));
}
