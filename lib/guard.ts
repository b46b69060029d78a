import '#server-only';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { ErrorStatus } from '#lib/error-page.ts';

// What stands between the network and Next: addresses, forwarded headers and bodies are read and bounded here, because
// Next answers malformed ones with 500 in bare English and believes any X-Forwarded-* header (16.4.6).

const MAX_TARGET_LENGTH = 4096;
/** Four answers need less than 2 KB; 64 KB leaves room for pasted text and still cannot hurt. */
export const MAX_BODY_BYTES = 64 * 1024;

/** A name or address, perhaps with a port; everything else in a `Host` header is made up. */
const HOST = /^(?:[a-z\d](?:[a-z\d.-]*[a-z\d])?|\[[a-f\d:.]+\])(?::\d{1,5})?$/i;
/** Names that only a machine or a local network gives out: no other site can stand behind them. */
const NEARBY = /^(?:[^.:]+|[\d.]+|\[.*\]|.*\.local)(?::\d+)?$/;

/** Where a request goes: a decoded path without trailing slash, its query, or why it goes nowhere. */
export type Target =
  | { status: 'ok'; pathname: string; query: URLSearchParams }
  | { status: 'moved'; location: string }
  | { status: 'refused'; code: ErrorStatus };

/** Reads a request target (`/path?query`). Never throws; a redirect always stays on this site. */
export function readTarget(target: string | undefined): Target {
  if (!target?.startsWith('/') || target.length > MAX_TARGET_LENGTH) return { status: 'refused', code: 400 };
  const [rawPath = '/', ...rest] = target.split('?');
  const rawQuery = rest.join('?');
  // `//host` would be an address on another site for a browser that is redirected to it.
  if (rawPath.includes('//') || rawPath.includes('\\')) return { status: 'refused', code: 404 };
  let pathname: string;
  try {
    pathname = decodeURIComponent(rawPath).normalize('NFC');
  } catch (error) {
    if (error instanceof URIError) return { status: 'refused', code: 400 };
    throw error;
  }
  // An encoded slash, dot segment or control character has no business in an address of this site.
  if (/[\p{Cc}\\]/u.test(pathname)) return { status: 'refused', code: 400 };
  if (pathname.split('/').length !== rawPath.split('/').length) return { status: 'refused', code: 400 };
  if (pathname.split('/').some((segment) => segment === '.' || segment === '..'))
    return { status: 'refused', code: 404 };
  if (pathname !== '/' && pathname.endsWith('/')) {
    return { status: 'moved', location: rawPath.replace(/\/$/, '') + (rawQuery ? `?${rawQuery}` : '') };
  }
  return { status: 'ok', pathname, query: new URLSearchParams(rawQuery) };
}

/**
 * Rewrites what a client may claim about itself. `trustProxy` proxies in front of this process are believed: the
 * client is the address that the outermost of them saw, everything a client put before it is ignored, and so
 * is what is no address or no name of a host. Afterwards `x-forwarded-*` on the request are ours.
 * @returns the client's address.
 */
export function rewriteForwarded(request: IncomingMessage, trustProxy: number, siteUrl: string): string {
  const peer = request.socket.remoteAddress ?? 'unknown';
  const claimed = lastValues(request.headers['x-forwarded-for'], trustProxy);
  const [outermost = ''] = claimed.length === trustProxy ? claimed : [];
  // Some proxies add the port.
  const address = outermost.replace(/^\[(.+)\](?::\d+)?$|^([\d.]+):\d+$/, '$1$2');
  const client = isIP(address) ? address : peer;
  const forwardedHost = trustProxy > 0 ? lastValues(request.headers['x-forwarded-host'], 1)[0] : undefined;
  const claimedHost = forwardedHost ?? request.headers.host ?? '';
  const host = HOST.test(claimedHost) ? claimedHost.toLowerCase() : new URL(siteUrl).host;
  for (const name of Object.keys(request.headers)) {
    if (name === 'forwarded' || name.startsWith('x-forwarded-') || name === 'x-real-ip') delete request.headers[name];
  }
  request.headers.host = host;
  request.headers['x-forwarded-host'] = host;
  request.headers['x-forwarded-for'] = client;
  request.headers['x-forwarded-proto'] = siteUrl.slice(0, siteUrl.indexOf(':'));
  return client;
}

function lastValues(header: string | string[] | undefined, count: number): string[] {
  if (count === 0 || header === undefined) return [];
  const values = header
    .toString()
    .split(',')
    .map((value) => value.trim());
  return values.slice(-count);
}

/**
 * Whether a post comes from a page of this site. A foreign page cannot hide itself: browsers send `Origin` or
 * `Sec-Fetch-Site` with every cross-site post. What sends neither (old browsers, their extensions) is let in: a lead
 * must not be lost, and there is no cookie to abuse. Called after `rewriteForwarded`.
 */
export function isOwnPost(headers: IncomingHttpHeaders, siteUrl: string): boolean {
  const { origin, host, 'sec-fetch-site': site } = headers;
  if (origin === undefined || origin === 'null') return site === 'same-origin' || (site ?? origin) === undefined;
  const from = URL.parse(origin)?.host;
  const own = new URL(siteUrl).host;
  if (from === undefined || from === '') return false;
  // The site may be visited under another name of its own (www.), and while it is tried out under any near one.
  return from === own || (from === host && (from.endsWith(`.${own}`) || own.endsWith(`.${from}`) || NEARBY.test(from)));
}

/** A request body as far as it was read. */
export type Body = { status: 'ok'; bytes: Buffer } | { status: 'refused'; code: 408 | 413 };

/**
 * Reads a body of at most `MAX_BODY_BYTES`. Of a longer one no more is read, and the connection is left as it is, so
 * that it can still be told so.
 */
export function readBody(request: IncomingMessage): Promise<Body> {
  const tooLong: Body = { status: 'refused', code: 413 };
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return Promise.resolve(tooLong);
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= MAX_BODY_BYTES) chunks.push(chunk);
      else resolve(tooLong);
    });
    request.on('end', () => resolve({ status: 'ok', bytes: Buffer.concat(chunks) }));
    // The connection ended before the body did, or timed out: nobody is left to read an answer.
    request.on('close', () => resolve({ status: 'refused', code: 408 }));
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET') resolve({ status: 'refused', code: 408 });
      else reject(error);
    });
  });
}

/** The fields of a form's body of content type `type`; undefined where they cannot be read. Never throws. */
export async function readForm(type: string, bytes: Buffer): Promise<FormData | undefined> {
  try {
    return await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  } catch {
    return undefined;
  }
}
