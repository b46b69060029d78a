import { describe, expect, test } from 'vitest';
import { createPageCache, type Rendered } from '#lib/reader/page-cache.ts';

const rendered = (text: string): Rendered => ({ status: 200, headers: {}, body: Buffer.from(text) });

function newCache(maxBytes = 1_000_000) {
  const staleKeys: string[] = [];
  const cache = createPageCache({ maxBytes, retryPauseMs: 0, onStale: (key) => staleKeys.push(key) });
  const read = async (key: string, revision: string, render: () => Promise<Rendered>): Promise<string> => {
    const page = await cache.get(key, revision, render);
    return (await cache.encoded(key, page, 'identity')).toString();
  };
  return { cache, read, staleKeys };
}

describe('ページの保管', () => {
  test('同じ版は1回だけ描かれる。同時に100回求められても1回', async () => {
    const { read } = newCache();
    let renders = 0;
    const render = async () => rendered(`${++renders}回目`);
    const answers = await Promise.all(Array.from({ length: 100 }, () => read('/', 'r1', render)));
    expect(new Set(answers)).toEqual(new Set(['1回目']));
    expect(await read('/', 'r1', render)).toBe('1回目');
    expect(renders).toBe(1);
  });

  test('新しい版は最初の人が待って受け取り、その間に来た人は前の版を受け取る', async () => {
    const { read } = newCache();
    await read('/', 'r1', async () => rendered('前'));
    const gate = Promise.withResolvers<Rendered>();
    const first = read('/', 'r2', () => gate.promise);
    expect(await read('/', 'r2', () => gate.promise)).toBe('前');
    gate.resolve(rendered('新'));
    expect(await first).toBe('新');
    expect(await read('/', 'r2', () => gate.promise)).toBe('新');
  });

  test('描けなかったときは前の版を出し続け、そのことを知らせ、直れば新しくなる', async () => {
    const { read, staleKeys } = newCache();
    await read('/', 'r1', async () => rendered('前'));
    expect(await read('/', 'r2', async () => Promise.reject(new Error('描けない')))).toBe('前');
    expect(staleKeys).toEqual(['/']);
    await expect.poll(() => read('/', 'r2', async () => rendered('新'))).toBe('新');
  });

  test('前の版が無いときの失敗は、求めた全員に伝わる', async () => {
    const { read } = newCache();
    const fail = async () => Promise.reject(new Error('描けない'));
    const results = await Promise.allSettled([read('/', 'r1', fail), read('/', 'r1', fail)]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
  });

  test('最初の人には急いで詰めて渡し、二人目からは時間をかけて小さくする。中身は同じ', async () => {
    const { cache, read } = newCache();
    const text = 'フリーランスのPMOに、専任の担当者が案件をご紹介します。'.repeat(50);
    const render = async () => rendered(text);
    const first = await cache.get('/', 'r1', render);
    expect(first.hasty).toBe(true);
    await cache.get('/', 'r1', render);
    await expect.poll(async () => (await cache.get('/', 'r1', render)).hasty).toBe(false);
    const second = await cache.get('/', 'r1', render);
    expect(second.brotli.length).toBeLessThan(first.brotli.length);
    expect(second.tag).toBe(first.tag);
    expect(await read('/', 'r1', render)).toBe(text);
  });

  test('決めた大きさを超えて溜めない', async () => {
    const { cache, read } = newCache(200_000);
    for (let number = 0; number < 500; number++) {
      const text = Array.from({ length: 500 }, (_, index) =>
        ((index * 7919 + number * 104_729) % 9973).toString(36),
      ).join();
      await read(`/articles/${number}`, 'r1', async () => rendered(text));
    }
    expect(cache.size()).toBeGreaterThan(100_000);
    expect(cache.size()).toBeLessThanOrEqual(220_000);
  });

  test('どの圧縮で求めても同じ内容になる', async () => {
    const { cache, read } = newCache();
    expect(await read('/', 'r1', async () => rendered('本文'.repeat(1000)))).toBe('本文'.repeat(1000));
    const page = await cache.get('/', 'r1', async () => rendered(''));
    const { gunzipSync, brotliDecompressSync } = await import('node:zlib');
    expect(gunzipSync(await cache.encoded('/', page, 'gzip')).toString()).toBe('本文'.repeat(1000));
    expect(brotliDecompressSync(await cache.encoded('/', page, 'br')).toString()).toBe('本文'.repeat(1000));
  });
});
