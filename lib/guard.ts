import '#server-only';
import type { IncomingMessage } from 'node:http';
import type { ErrorStatus } from '#lib/error-page.ts';

// What stands between the network and Next: addresses, forwarded headers and bodies are read and bounded here, because
// Next answers malformed ones with 500 in bare English and believes any X-Forwarded-* header (16.4.6).

const MAX_TARGET_LENGTH = 4096;
/** Four answers need less than 2 KB; 64 KB leaves room for pasted text and still cannot hurt. */
export const MAX_BODY_BYTES = 64 * 1024;

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
 * client is the address that the outermost of them saw, everything a client put before it is ignored. Afterwards
 * `x-forwarded-*` on the request are ours.
 * @returns the client's address.
 */
export function rewriteForwarded(request: IncomingMessage, trustProxy: number, siteUrl: string): string {
  const peer = request.socket.remoteAddress ?? 'unknown';
  const claimed = lastValues(request.headers['x-forwarded-for'], trustProxy);
  const client = claimed.length > 0 && claimed.length === trustProxy ? (claimed[0] ?? peer) : peer;
  const forwardedHost = trustProxy > 0 ? lastValues(request.headers['x-forwarded-host'], 1)[0] : undefined;
  const host = forwardedHost ?? request.headers.host ?? new URL(siteUrl).host;
  for (const name of Object.keys(request.headers)) {
    if (name === 'forwarded' || name.startsWith('x-forwarded-') || name === 'x-real-ip') delete request.headers[name];
  }
  request.headers.host = host;
  request.headers['x-forwarded-host'] = host;
  request.headers['x-forwarded-for'] = client;
  request.headers['x-forwarded-proto'] = new URL(siteUrl).protocol.slice(0, -1);
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

/** A request body as far as it was read. */
export type Body = { status: 'ok'; bytes: Buffer } | { status: 'refused'; code: 408 | 413 };

/** Reads a body of at most `MAX_BODY_BYTES`; longer ones are cut off at once, also when they claim to be short. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return { status: 'refused', code: 413 };
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request) {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) return { status: 'refused', code: 413 };
      chunks.push(chunk);
    }
  } catch (error) {
    // The connection ended before the body did: nobody is left to read the answer, but the log says what happened.
    if (error instanceof Error && 'code' in error && error.code === 'ECONNRESET')
      return { status: 'refused', code: 408 };
    throw error;
  }
  return { status: 'ok', bytes: Buffer.concat(chunks) };
}
