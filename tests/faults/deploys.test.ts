import { describe, expect, test } from 'vitest';
import { findNginx } from '../support/nginx.ts';
import { buildNext, landOn, moveAction, rewriteAction } from './deploys.ts';
import { ROUGHLY, restartInTurn } from './rolling.ts';

const LANDED = { isThanked: true, leads: 1, said: '' };

test('開いたままのフォームは、72時間後に、鍵も処理の場所も中身も変わった次のビルドでも、1件の登録になる', {
  timeout: 180_000,
}, async () => {
  const next = buildNext([rewriteAction, moveAction], { keepKey: false });
  try {
    expect(await landOn(next, 72)).toEqual([
      { way: 'スクリプトあり', ...LANDED },
      { way: 'スクリプトなし', ...LANDED },
    ]);
  } finally {
    next.remove();
  }
});

describe.skipIf(findNginx() === undefined)('nginxの奥の2つのプロセスを順に入れ替えても', { timeout: 120_000 }, () => {
  test('登録も記事も1つも失われない', async () => {
    const { verdict, posts, pages, ...lost } = await restartInTurn(2);
    expect(lost).toEqual({ lostPosts: 0, lostPages: 0 });
    expect(verdict.broken.lost).toEqual([]);
    expect(posts).toBeGreaterThan(50);
    expect(pages).toBeGreaterThan(10);
  });

  test('（対照）プロセスをいきなり落とし、nginxが次に渡さなければ、失われる', async () => {
    expect((await restartInTurn(1, ROUGHLY)).lostPosts).toBeGreaterThan(0);
  });
});
