import { expect, test } from 'vitest';
import { drawNumber, readNumber } from '#lib/leads/numbers.ts';

test('受付番号は、読み間違えやすい文字を含まない4文字2組で、同じものは出ない', () => {
  const drawn = Array.from({ length: 2000 }, drawNumber);
  for (const number of drawn) expect(number).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  expect(new Set(drawn).size).toBe(2000);
  // 32種類の文字がどれも使われている。
  expect(new Set(drawn.join('').replaceAll('-', '')).size).toBe(32);
});

test.each([
  ['7K3M-9QXD', '7K3M-9QXD'],
  ['7k3m9qxd', '7K3M-9QXD'],
  [' 7k3m 9qxd ', '7K3M-9QXD'],
  ['oIl0-9QXD', '0110-9QXD'],
])('電話で聞いて「%s」と打っても %s と読める', (typed, number) => {
  expect(readNumber(typed)).toBe(number);
});

test.each(['7K3M-9QX', '7K3M-9QXDD', '7K3M-9QXU', '', "'; --"])('「%s」は受付番号ではない', (typed) => {
  expect(readNumber(typed)).toBeUndefined();
});
