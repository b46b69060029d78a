import { describe, expect, type TestContext, test } from 'vitest';
import { UNBROKEN } from './checker.ts';
import { throwDice } from './dice.ts';
import { lockOut } from './disk.ts';
import { storm } from './hostile.ts';
import { terminateUnderLoad } from './leaving.ts';
import { besiege, runWatchedSite } from './siege.ts';

// What is judged by how long it takes, alone on the machine and one after the other. The siege comes first: for most of
// its time it only waits for its connections to be closed, and the others come meanwhile.

let turn: Promise<void> = Promise.resolve();

/** Begins when the test before has ended, or has called `next`. */
function inTurn(run: (context: TestContext, next: () => void) => Promise<void>) {
  return async (context: TestContext) => {
    const before = turn;
    const { promise, resolve: next } = Promise.withResolvers<void>();
    turn = promise;
    await before;
    await run(context, next).finally(next);
  };
}

const CURE_SECONDS = 5;

describe.concurrent('時間を見る', { timeout: 180_000 }, () => {
  // The short form of `npm run bench hostile`: everything at once against one site, and nothing breaks.
  test(
    '2,000を超える接続が何も送らず、少しずつ送り、送り続けても、読む人は待たされず、45秒以内に閉じる',
    inTurn(async ({ onTestFinished }, next) => {
      const site = await runWatchedSite();
      onTestFinished(() => site.remove('SIGKILL'));
      const siege = await besiege(site, { seconds: 1, closeWithinMs: 45_000, onTimed: next });
      console.log(`siege ${JSON.stringify(siege)}`);
      expect(siege.ratio).toBeLessThanOrEqual(3);
      expect(siege.most.files).toBeGreaterThan(1000);
      expect(siege.most.megabytes).toBeLessThan(700);
      expect(siege.said).toMatchObject({ 'endless chunks: 413': 20, '100 MB: 413': 5 });
      expect((await site.watched()).uncaught).toBe(0);
    }),
  );

  test(
    'でたらめな要求3,000件のどれにも500番台を返さず、何も登録せず、止まらない',
    inTurn(async ({ onTestFinished }) => {
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
    }),
  );

  test(
    'データベースの鍵を別のプロセスが握っている間も、記事はすぐ読め、登録は10秒以内に正直な答えになる',
    inTurn(async () => {
      const { readerP99Ms, slowestMs, cureSeconds, ...rest } = await lockOut(9);
      expect(rest).toEqual({ odd: 0, acceptedMeanwhile: 0 });
      expect(readerP99Ms).toBeLessThan(500);
      expect(slowestMs).toBeLessThan(10_500);
      expect(cureSeconds).toBeLessThan(CURE_SECONDS);
    }),
  );

  // Beside other tests, what is starved already would not be done in the nine seconds that a leaving site has.
  test(
    'ほかの処理にCPUを取られていても、届いている登録に答えてから、10秒以内に終わる',
    inTurn(async () => {
      const { reset, slowestExitMs, badExits, verdict } = await terminateUnderLoad(1, throwDice('starved'), true);
      expect(verdict).toMatchObject({ broken: UNBROKEN, leads: verdict.accepted, extraCopies: 0 });
      expect({ reset, badExits }).toEqual({ reset: [], badExits: 0 });
      expect(slowestExitMs).toBeLessThan(10_000);
    }),
  );
});
