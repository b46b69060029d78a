import { describe, expect, test } from 'vitest';
import { throwDice } from './dice.ts';
import { breakDisk, fillMailbox, startReadOnly } from './disk.ts';
import { whyNoDisks } from './disk-image.ts';
import { backUpUnderLoad, tearLog } from './files.ts';

const noDisks = whyNoDisks();
if (noDisks) console.log(`ディスクのテストを飛ばします: ${noDisks}`);

const HONEST = { status: 503, isHonest: true, readerStatus: 200, lost: 0 };
const CURE_SECONDS = 5;

describe.skipIf(noDisks)('ディスクが', { timeout: 120_000 }, () => {
  test('メールの置き場所だけいっぱいでも、登録は受け付け、空けばメールは1通ずつ残る', async () => {
    expect(await fillMailbox(10)).toEqual({ acceptedMeanwhile: 10, keptMeanwhile: 0, undelivered: 0, foreign: 0 });
  });

  test('書けないまま始まっても、正直に断り、書けるようになれば、始め直さなくても5秒以内に受け付ける', async () => {
    const { cureSeconds, ...refusal } = await startReadOnly();
    expect(refusal).toEqual(HONEST);
    expect(cureSeconds).toBeLessThan(CURE_SECONDS);
  });

  test('動いている途中で壊れて書けなくなっても、正直に断り、直れば5秒以内に受け付け、登録は残る', async () => {
    const { cureSeconds, ...refusal } = await breakDisk();
    expect(refusal).toEqual(HONEST);
    expect(cureSeconds).toBeLessThan(CURE_SECONDS);
  });
});

describe('データベースの', { timeout: 120_000 }, () => {
  test('ログの終わりが失われても始まり、失われるのは終わりの登録だけ', async () => {
    const { accepted, lost, ...rest } = await tearLog(throwDice('torn'));
    expect(rest).toEqual({ isLostFromEnd: true, damage: 0, acceptsAgain: true });
    expect(lost).toBeLessThan(accepted);
  });

  test('登録を受けながら取った写しには、それまでに受け付けた登録がすべて同じ内容である', async () => {
    const { accepted, inBackup, ...rest } = await backUpUnderLoad(throwDice('backup'));
    expect(rest).toEqual({ missing: 0, damage: 0, differing: 0 });
    expect(inBackup).toBeGreaterThanOrEqual(accepted);
  });
});
