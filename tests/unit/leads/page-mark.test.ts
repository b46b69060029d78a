import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { markPage, readPageMark } from '#lib/leads/page-mark.ts';
import { signReceipt } from '#lib/leads/receipt.ts';
import { FRIDAY_EVENING } from './stage.ts';

const key = randomBytes(32).toString('base64');
const after = (seconds: number) => new Date(FRIDAY_EVENING.getTime() + seconds * 1000);
const mark = markPage(true, FRIDAY_EVENING, key);

test('画面の印は、いつ出した画面か、計算の証明を求めたかを言い、1枚ごとに違う', () => {
  expect(readPageMark(mark, after(2.5), key)).toEqual({ status: 'ours', ageSeconds: 2.5, asked: true });
  expect(readPageMark(markPage(false, FRIDAY_EVENING, key), after(86_400 * 400), key)).toEqual({
    status: 'ours',
    ageSeconds: 86_400 * 400,
    asked: false,
  });
  expect(markPage(true, FRIDAY_EVENING, key)).not.toBe(mark);
});

test('どの1文字を変えても、ほかの鍵でも、受付の印を流用しても、本物でない。無いのは無いと分かる', () => {
  for (let at = 0; at < mark.length; at += 1) {
    const forged = mark.slice(0, at) + (mark[at] === 'A' ? 'B' : 'A') + mark.slice(at + 1);
    expect(readPageMark(forged, after(1), key)).toEqual({ status: 'forged' });
  }
  const receipt = signReceipt({ leadId: '511b6d36-09bb-4101-a104-fed39e66c3d4' }, FRIDAY_EVENING, key);
  for (const wrong of ['x', '印', mark.slice(1), `${mark}AAAA`, receipt, '\0'.repeat(100_000)]) {
    expect(readPageMark(wrong, after(1), key)).toEqual({ status: 'forged' });
  }
  expect(readPageMark(mark, after(1), randomBytes(32).toString('base64'))).toEqual({ status: 'forged' });
  expect(readPageMark('', after(1), key)).toEqual({ status: 'absent' });
});
