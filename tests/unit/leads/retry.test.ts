import { expect, test } from 'vitest';
import { isGivenUp, outagePause, refusedPause, retryPause } from '#lib/leads/retry.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

/** When a mail that fails every time is tried, in seconds since it was queued; `random` is the middle of the spread. */
function attemptsOf(until: number): number[] {
  const times: number[] = [];
  let ageSeconds = 0;
  for (let attempts = 1; ageSeconds <= until; attempts += 1) {
    times.push(ageSeconds);
    ageSeconds += retryPause({ attempts, ageSeconds }, 0.5);
  }
  return times;
}

test('失敗したメールは、まず数秒、次に数分の間をおいて試される', () => {
  expect(attemptsOf(20 * MINUTE).map(Math.round)).toEqual([0, 2, 12, 42, 102, 222, 462, 702, 942, 1182]);
});

test('1時間たつまでは5分以上あかず、そのあとも1時間以上あかない', () => {
  const times = attemptsOf(6 * DAY);
  const pauses = times.slice(1).map((time, index) => ({ from: times[index] ?? 0, pause: time - (times[index] ?? 0) }));
  expect(Math.max(...pauses.filter(({ from }) => from < HOUR).map(({ pause }) => pause))).toBeLessThanOrEqual(
    5 * MINUTE,
  );
  expect(Math.max(...pauses.map(({ pause }) => pause))).toBe(HOUR);
  expect(pauses.every(({ pause }, index) => index === 0 || pause >= (pauses[index - 1]?.pause ?? 0))).toBe(true);
});

test('5日たつまであきらめない。時計が進んだだけでもあきらめない', () => {
  const ages = attemptsOf(6 * DAY);
  const last = ages.findIndex((ageSeconds, index) => isGivenUp({ attempts: index + 1, ageSeconds }));
  expect((ages[last] ?? 0) / DAY).toBeGreaterThan(5);
  expect((ages[last] ?? 0) / DAY).toBeLessThan(5.1);
  expect(isGivenUp({ attempts: 3, ageSeconds: 30 * DAY })).toBe(false);
});

test('担当者宛を断られたら、およそ1時間ごとに試す', () => {
  expect([refusedPause(0), refusedPause(1)].map((pause) => pause / MINUTE)).toEqual([54, expect.closeTo(66)]);
});

test('どのメールも通らない間は、間を倍にしながら2分ごとまで様子を見る', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 100].map(outagePause)).toEqual([1, 2, 4, 8, 15, 30, 60, 120, 120]);
});
