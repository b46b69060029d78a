import { expect, test } from 'vitest';
import { UNBROKEN } from './checker.ts';
import { throwDice } from './dice.ts';
import { terminateUnderLoad } from './leaving.ts';

// By itself: what is starved already would, beside other tests, not be done in the nine seconds that a leaving site has.

test('ほかの処理にCPUを取られていても、届いている登録に答えてから、10秒以内に終わる', {
  timeout: 120_000,
}, async () => {
  const { reset, slowestExitMs, badExits, verdict } = await terminateUnderLoad(1, throwDice('starved'), true);
  expect(verdict).toMatchObject({ broken: UNBROKEN, leads: verdict.accepted, extraCopies: 0 });
  expect({ reset, badExits }).toEqual({ reset: [], badExits: 0 });
  expect(slowestExitMs).toBeLessThan(10_000);
});
