import '#server-only';
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { type Encoding, fromBrotli, inMemoryOfItsOwn, isCompressedAlready, toBrotli } from './encode.ts';

/** An answer as the renderer made it, before it is compressed and kept. */
export type Rendered = { status: number; headers: Record<string, string>; body: Buffer };

/**
 * An answer as it is kept: brotli is the master copy, other encodings are made from it. `hasty` until a second reader came:
 * best brotli takes longer than drawing the page, and most pages of a large archive are read once between two restarts.
 */
export type Page = {
  revision: string;
  status: number;
  headers: Record<string, string>;
  tag: string;
  brotli: Buffer;
  hasty: boolean;
};

export type PageCache = {
  /** The page at `key` if it is kept in this `revision`. */
  kept(key: string, revision: string): Page | undefined;
  /**
   * The page at `key` in `revision`. The first request of a new revision waits for its rendering; requests that come
   * meanwhile get the old page, or wait for the same rendering where there is none. A failed rendering keeps the old
   * page (reported through `onStale`) and is tried again by the next request after `retryPauseMs`.
   * @throws what `render` threw, when there is no old page.
   */
  get(key: string, revision: string, render: () => Promise<Rendered>): Promise<Page>;
  /** The page's bytes in `encoding`; kept in the same bounded cache. */
  encoded(key: string, page: Page, encoding: Encoding): Promise<Buffer>;
  /** Bytes held, for `/readyz` and tests. */
  size(): number;
};

type Options = { maxBytes: number; onStale: (key: string, error: unknown) => void; retryPauseMs?: number };

/** Bytes that an entry costs beside its body: headers, key, bookkeeping (measured: about 1 KB). */
const ENTRY_OVERHEAD = 1024;

/**
 * Packing takes 20 to 80 ms of a core. After a restart thousands of pages get their second reader within a minute; without
 * rests, who asks for a page that must be drawn waited seconds for its share of the machine.
 */
const REST_PER_PACKING = 4;

/** A cache of finished pages bounded by bytes, least recently read out first. Nothing is kept across restarts. */
export function createPageCache({ maxBytes, onStale, retryPauseMs = 1000 }: Options): PageCache {
  const pages = new LRUCache<string, Page>({
    maxSize: maxBytes,
    sizeCalculation: (page) => page.brotli.length + ENTRY_OVERHEAD,
  });
  // A tenth of the bound is for clients without brotli.
  const others = new LRUCache<string, Buffer>({
    maxSize: Math.ceil(maxBytes / 10),
    sizeCalculation: (body) => body.length + ENTRY_OVERHEAD,
  });
  const underWay = new Map<string, Promise<Page>>();
  const failedAt = new Map<string, number>();
  const improving = new Set<Page>();
  let improved: Promise<unknown> = Promise.resolve();

  /** Packs a page as small as it gets, one at a time and with rests between, while it is sent as it is. */
  function improve(key: string, page: Page): void {
    if (improving.has(page)) return;
    improving.add(page);
    improved = improved
      .then(async () => {
        // Pushed out or renewed while it waited.
        if (pages.peek(key) !== page) return;
        const started = performance.now();
        const body = await fromBrotli(page.brotli, 'identity');
        const better = { ...page, brotli: await toBrotli(body, 'small'), hasty: false };
        if (pages.peek(key) === page) pages.set(key, better);
        await pause((performance.now() - started) * REST_PER_PACKING, undefined, { ref: false });
      })
      .catch((error: unknown) => onStale(key, error))
      .finally(() => improving.delete(page));
  }

  async function renew(key: string, revision: string, render: () => Promise<Rendered>): Promise<Page> {
    const { status, headers, body } = await render();
    const page = {
      revision,
      status,
      headers,
      tag: createHash('sha256').update(body).digest('base64url').slice(0, 22),
      brotli: await toBrotli(body, 'fast'),
      hasty: !isCompressedAlready(headers['content-type']),
    };
    pages.set(key, page);
    failedAt.delete(key);
    return page;
  }

  function keptPage(key: string, revision: string): Page | undefined {
    const kept = pages.get(key);
    if (kept?.revision !== revision) return undefined;
    if (kept.hasty) improve(key, kept);
    return kept;
  }

  return {
    kept: keptPage,
    async get(key, revision, render) {
      const current = keptPage(key, revision);
      if (current) return current;
      const kept = pages.peek(key);
      const pending = underWay.get(key);
      if (pending !== undefined) return kept ?? pending;
      if (kept && Date.now() - (failedAt.get(key) ?? 0) < retryPauseMs) return kept;
      const renewal = renew(key, revision, render).finally(() => underWay.delete(key));
      underWay.set(key, renewal);
      try {
        return await renewal;
      } catch (error) {
        if (!kept) throw error;
        failedAt.set(key, Date.now());
        onStale(key, error);
        return kept;
      }
    },
    async encoded(key, page, encoding) {
      if (encoding === 'br') return page.brotli;
      const name = `${encoding} ${page.tag} ${key}`;
      const kept = others.get(name);
      if (kept) return kept;
      const body = inMemoryOfItsOwn(await fromBrotli(page.brotli, encoding));
      others.set(name, body);
      return body;
    },
    size: () => pages.calculatedSize + others.calculatedSize,
  };
}
