import { expect, test } from 'vitest';
import { findNginx } from '../support/nginx.ts';
import { buildNext, landOn, moveAction, rewriteAction } from './deploys.ts';
import { restartInTurn } from './rolling.ts';

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

test.skipIf(findNginx() === undefined)(
  'nginxの奥の2つのプロセスを順に入れ替えても、登録も記事も1つも失われない',
  { timeout: 120_000 },
  async () => {
    const { verdict, posts, pages, ...lost } = await restartInTurn(1);
    expect(lost).toEqual({ lostPosts: 0, lostPages: 0 });
    expect(verdict.broken.lost).toEqual([]);
    expect(posts).toBeGreaterThan(50);
    expect(pages).toBeGreaterThan(10);
  },
);
