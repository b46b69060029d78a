import { describe, expect, test } from 'vitest';
import { UNBROKEN, type Verdict } from './checker.ts';
import { killWhileRegistering } from './crash.ts';
import { throwDice } from './dice.ts';
import { whyNoDisks } from './disk-image.ts';
import { terminateUnderLoad } from './leaving.ts';
import { cutPower, UNDURABLE } from './power-cuts.ts';
import { killStarts } from './starts.ts';
import { watchSyncs, whyNoStrace } from './sync-order.ts';

// The short form of what `npm run bench faults` does at full size.

/** As many mails are under way at once, so that a kill may repeat so many. */
const AT_ONCE = 4;

function expectUnbroken({ broken, extraCopies, leads, accepted }: Verdict, kills: number): void {
  expect(broken).toEqual(UNBROKEN);
  expect(leads).toBe(accepted);
  expect(extraCopies).toBeLessThanOrEqual(AT_ONCE * kills);
}

describe('落ちても', { timeout: 120_000 }, () => {
  const dice = throwDice('crash');

  for (const plan of [
    { victim: 'tests/faults/office.ts', what: '登録の道だけ', registrations: 200, kills: 4, mails: 'sent' },
    { victim: 'tests/faults/office.ts', what: '登録の道だけ', registrations: 60, kills: 4, mails: 'kept' },
    { victim: 'server.ts', what: 'サイト全体', registrations: 60, kills: 1, mails: 'sent' },
  ] as const) {
    const way = plan.mails === 'sent' ? '送信' : '手もとへのメールの保存';
    test(`登録と${way}の最中に${plan.what}を${plan.kills}回落としても、登録もメールも欠けず、二重にならない`, async () => {
      const verdict = await killWhileRegistering({ ...plan, clients: 16, dice, waitsForLeases: false });
      expect(verdict.accepted).toBeGreaterThanOrEqual(plan.registrations);
      expectUnbroken(verdict, plan.mails === 'sent' ? plan.kills : 0);
    });
  }

  test('始まりと移行の最中に落としても、次には必ず始まり、前の登録は残る', async () => {
    const result = await killStarts(2, 'tests/faults/office.ts', dice);
    expect(result).toEqual({ kills: 2, notStarted: 0, leadsLost: 0, refused: 0, damaged: 0 });
  });

  test('終わるように言われたら、届いている登録に答えてから、10秒以内に終わる', async () => {
    const { reset, slowestExitMs, badExits, verdict } = await terminateUnderLoad(1, dice);
    expectUnbroken(verdict, 0);
    expect({ reset, badExits }).toEqual({ reset: [], badExits: 0 });
    expect(slowestExitMs).toBeLessThan(10_000);
  });
});

const noDisks = whyNoDisks();
if (noDisks) console.log(`電源断のテストを飛ばします: ${noDisks}`);

describe.skipIf(noDisks)('電源が切れても', { timeout: 120_000 }, () => {
  test('受け付けたと答えた登録も、送ったと記したメールも、ディスクにある', async () => {
    const { accepted, ...rest } = await cutPower(15, throwDice('power'));
    expect(rest).toEqual({ cuts: 15, lost: 0, mailsLost: 0, broken: 0, doubled: 0 });
    expect(accepted).toBeGreaterThan(20);
  });

  test('（対照）ディスクに書き込むのを待たなければ、登録は失われる', async () => {
    expect((await cutPower(4, throwDice('power, undurable'), UNDURABLE)).lost).toBeGreaterThan(0);
  });
});

const noStrace = whyNoStrace();
if (noStrace) console.log(`書き込みの順番のテストを飛ばします: ${noStrace}`);

describe.skipIf(noStrace)('受け付けたと答える前に', { timeout: 120_000 }, () => {
  test('登録はディスクに書き込まれている', async () => {
    expect(await watchSyncs('server.ts', 20)).toEqual({ accepted: 20, syncedFirst: 20 });
  });

  test('（対照）書き込むのを待たなければ、それが見える', async () => {
    expect(await watchSyncs('tests/faults/office.ts', 5, UNDURABLE)).toEqual({ accepted: 5, syncedFirst: 0 });
  });
});
