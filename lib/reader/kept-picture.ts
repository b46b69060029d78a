import '#server-only';
import { open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readerPolicy, securityHeaders } from './security-headers.ts';

const TYPES: Record<string, string> = { '.avif': 'image/avif', '.webp': 'image/webp' };
/** How long a proxy in front keeps a picture; browsers keep it for ever. */
const PROXY_SECONDS = 86_400;

/**
 * Answers GET or HEAD for a picture that was made for an article; false when there is none of that name in `folder`.
 * Its name says what it shows, so it never changes. It is sent from its file, past the page cache: a few photographs
 * would push out a thousand pages, and the system keeps files that are asked for in memory anyway.
 */
export async function respondWithKeptPicture(
  request: IncomingMessage,
  response: ServerResponse,
  { folder, pathname, siteUrl }: { folder: string; pathname: string; siteUrl: string },
): Promise<boolean> {
  const [, name] = /^\/images\/([0-9a-f]{24}-\d{1,5}\.(?:avif|webp))$/.exec(pathname) ?? [];
  if (name === undefined) return false;
  const file = await open(path.join(folder, name)).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return false;
  try {
    const { size } = await file.stat();
    const tag = `"${name}"`;
    const headers = {
      ...securityHeaders(siteUrl, readerPolicy([])),
      // Feeds and search engines show it in pages of their own.
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-accel-expires': String(PROXY_SECONDS),
      etag: tag,
    };
    if (request.headers['if-none-match']?.includes(tag)) {
      response.writeHead(304, headers).end();
      return true;
    }
    const type = TYPES[path.extname(name)];
    response.writeHead(200, { ...headers, 'content-type': type, 'content-length': size });
    if (request.method === 'HEAD') response.end();
    else await pipeline(file.createReadStream({ autoClose: false }), response);
    return true;
  } catch (error) {
    // A reader who leaves in the middle is no fault.
    if (response.destroyed) return true;
    throw error;
  } finally {
    await file.close();
  }
}
