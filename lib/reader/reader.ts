import '#server-only';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { chooseEncoding, encodeOnce } from './encode.ts';
import type { ReadyAnswer } from './fast-path.ts';
import { findFile, readStyleSheet } from './files.ts';
import { finish } from './finish.ts';
import { createPageCache, type Rendered } from './page-cache.ts';
import { readerPolicy, securityHeaders, unfinishedPolicy } from './security-headers.ts';
import { readyAnswer, serve } from './serve.ts';

/**
 * A page that exists: `key` names it in the cache, `url` is what Next is asked for, `revision` what it now shows. Of
 * `passing` pages anybody can ask for any number: they are kept apart and can push out only each other.
 */
export type Address = { key: string; url: string; revision: string; passing?: true };

/** What Next answered, whole. */
export type NextAnswer = { status: number; headers: Record<string, string | undefined>; body: Buffer };

type Options = {
  projectDir: string;
  siteUrl: string;
  askNext: (url: string) => Promise<NextAnswer>;
  log: { error: (fields: { event: string; key: string; reason: string }) => void };
};

export type Reader = {
  /** The answer to a plain GET for a page that is kept in its present revision. */
  ready(address: Address): ReadyAnswer | undefined;
  /** Answers GET or HEAD for a page that exists. @throws when it cannot be rendered and there is no older version. */
  respond(request: IncomingMessage, response: ServerResponse, address: Address): Promise<void>;
  /** Answers GET or HEAD for a file of the build or of `public/`; false when there is none. */
  respondWithFile(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<boolean>;
  /**
   * Answers GET or HEAD for a page that only some may see: finished like any other, kept by nobody (`no-store`, no ETag),
   * not to be indexed, and its address told to no page that it leads to. @throws when it cannot be rendered.
   */
  respondPrivately(request: IncomingMessage, response: ServerResponse, url: string): Promise<void>;
  /** For `/readyz`: pages whose last rendering failed, pages that could not be finished, bytes held. */
  condition(): { stalePages: string[]; unfinishedPages: string[]; cacheBytes: number };
};

/**
 * The pages of some 13,000 articles. Drawing one costs 15 ms in which nobody else is answered; keeping it 14 KB.
 */
export const PAGE_CACHE_BYTES = 192 * 2 ** 20;
/** Some 500 pages of search results. */
const PASSING_BYTES = 4 * 2 ** 20;
/** Kinds of pages, times the builds that a process lives through: one. */
const SETS_KEPT = 100;
const REVALIDATE = 'public, max-age=0, must-revalidate';
/** Stands in the log for all private pages: their addresses are secrets. */
const PRIVATE_KEY = 'private';
const PRIVATE = {
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex, nofollow, noarchive',
  'referrer-policy': 'no-referrer',
};
const KEPT_HEADERS = ['content-type', 'location', 'x-robots-tag'] as const;

/** The way of a page to the reader: render once through Next, finish, compress, keep, serve. */
export function createReader({ projectDir, siteUrl, askNext, log }: Options): Reader {
  const stale = new Set<string>();
  const unfinished = new Set<string>();
  function onStale(key: string, error: unknown): void {
    stale.add(key);
    log.error({ event: 'reader.stale', key, reason: String(error) });
  }
  const cache = createPageCache({ maxBytes: PAGE_CACHE_BYTES, onStale });
  const passing = createPageCache({ maxBytes: PASSING_BYTES, onStale });

  async function render({ key, url }: Pick<Address, 'key' | 'url'>): Promise<Rendered> {
    const answer = await askNext(url);
    if (answer.status >= 500) throw new Error(`Next answered ${answer.status} for ${key}`);
    stale.delete(key);
    const kept = KEPT_HEADERS.flatMap((name) => (answer.headers[name] ? [[name, answer.headers[name]]] : []));
    const headers: Record<string, string> = { 'cache-control': REVALIDATE, ...Object.fromEntries(kept) };
    if (!headers['content-type']?.startsWith('text/html')) {
      return {
        status: answer.status,
        headers: shared({
          ...headers,
          ...securityHeaders(siteUrl, readerPolicy([])),
          ...sharing(headers['content-type']),
        }),
        body: answer.body,
      };
    }
    const finished = finish(answer.body.toString('utf8'), (href) => readStyleSheet(projectDir, href));
    if (finished.status === 'refused') {
      unfinished.add(key);
      log.error({ event: 'reader.unfinished', key, reason: finished.reason });
      return {
        status: answer.status,
        headers: { ...headers, ...securityHeaders(siteUrl, unfinishedPolicy()) },
        body: answer.body,
      };
    }
    unfinished.delete(key);
    return {
      status: answer.status,
      headers: shared({
        ...headers,
        ...securityHeaders(siteUrl, readerPolicy(finished.styleHashes)),
        'speculation-rules': '"/reader.speculationrules"',
      }),
      body: Buffer.from(finished.html),
    };
  }

  return {
    ready({ key, revision }) {
      const page = cache.kept(key, revision);
      return page && readyAnswer(page);
    },
    async respond(request, response, address) {
      const shelf = address.passing ? passing : cache;
      const page = await shelf.get(address.key, address.revision, () => render(address));
      await serve(request, response, shelf, address.key, page);
    },
    async respondWithFile(request, response, pathname) {
      const file = await findFile(projectDir, pathname);
      if (!file) return false;
      const page = await cache.get(pathname, file.revision, async () => ({
        status: 200,
        headers: {
          'content-type': file.type,
          'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : REVALIDATE,
          ...securityHeaders(siteUrl, readerPolicy([])),
        },
        body: await file.read(),
      }));
      await serve(request, response, cache, pathname, page);
      return true;
    },
    async respondPrivately(request, response, url) {
      const { status, headers, body } = await render({ key: PRIVATE_KEY, url });
      const encoding = chooseEncoding(request.headers['accept-encoding']?.toString());
      const encoded = await encodeOnce(body, encoding);
      response.writeHead(status, {
        ...headers,
        ...PRIVATE,
        vary: 'accept-encoding',
        ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
        'content-length': encoded.length,
      });
      response.end(request.method === 'HEAD' ? undefined : encoded);
    },
    condition: () => ({
      stalePages: [...stale],
      unfinishedPages: [...unfinished],
      cacheBytes: cache.size() + passing.size(),
    }),
  };
}

const sets = new Map<string, Record<string, string>>();

/** One set of headers for all pages that have the same: 10,000 pages of their own took 1 KB each. */
function shared(headers: Record<string, string>): Record<string, string> {
  const name = JSON.stringify(headers);
  const set = sets.get(name) ?? headers;
  if (sets.size < SETS_KEPT) sets.set(name, set);
  return set;
}

/** Share images are there to be shown by other sites; everything else is not. */
function sharing(type: string | undefined): Record<string, string> {
  return type?.startsWith('image/') ? { 'cross-origin-resource-policy': 'cross-origin' } : {};
}
