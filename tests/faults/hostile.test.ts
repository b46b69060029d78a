import { describe, expect, test } from 'vitest';
import { throwDice } from './dice.ts';
import { storm } from './hostile.ts';
import { besiege, runWatchedSite } from './siege.ts';

// The short form of `npm run bench hostile`: everything at once against one site, and nothing breaks. The storm comes
// while the siege only waits for its connections to be closed.

describe.concurrent('敵意のある要求', { timeout: 120_000 }, () => {
  const readersTimed = Promise.withResolvers<void>();

  test('2,000を超える接続が何も送らず、少しずつ送り、送り続けても、読む人は待たされず、45秒以内に閉じる', async ({
    onTestFinished,
  }) => {
    const site = await runWatchedSite();
    onTestFinished(() => site.remove('SIGKILL'));
    onTestFinished(() => readersTimed.resolve());
    const siege = await besiege(site, { seconds: 1, closeWithinMs: 45_000, onTimed: readersTimed.resolve });
    console.log(`siege ${JSON.stringify(siege)}`);
    expect(siege.ratio).toBeLessThanOrEqual(3);
    expect(siege.most.files).toBeGreaterThan(1000);
    expect(siege.most.megabytes).toBeLessThan(700);
    expect(siege.said).toMatchObject({ 'endless chunks: 413': 20, '100 MB: 413': 5 });
    expect((await site.watched()).uncaught).toBe(0);
  });

  test('でたらめな要求3,000件のどれにも500番台を返さず、何も登録せず、止まらない', async ({ onTestFinished }) => {
    await readersTimed.promise;
    const site = await runWatchedSite();
    onTestFinished(() => site.remove('SIGKILL'));
    site.beginWatch();
    const { violations, rows, statuses } = await storm(site, throwDice('hostile'), 3000);
    const { loop, uncaught } = await site.watched();
    console.log(`answers ${JSON.stringify(statuses)}, event loop p99 ${loop.p99.toFixed(1)} ms`);
    expect(violations).toEqual([]);
    expect({ rows, uncaught, exit: site.process.exitCode }).toEqual({ rows: 0, uncaught: 0, exit: null });
    expect(loop.p99).toBeLessThan(200);
    expect(statuses[422]).toBeGreaterThan(0);
  });
});
