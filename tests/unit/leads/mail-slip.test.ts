import { expect, test } from 'vitest';
import { likelyMeant } from '#lib/leads/mail-slip.ts';

test.each([
  ['taro@gmial.com', 'taro@gmail.com'],
  ['taro@gmai.com', 'taro@gmail.com'],
  ['taro@gmaill.com', 'taro@gmail.com'],
  ['taro@gmail.co', 'taro@gmail.com'],
  ['taro@gmail.con', 'taro@gmail.com'],
  ['taro@gnail.com', 'taro@gmail.com'],
  ['Taro.Yamada+pmo@GMAIL.CON', 'Taro.Yamada+pmo@gmail.com'],
  ['taro@docomo.ne.jo', 'taro@docomo.ne.jp'],
  ['taro@docomo.co.jp', undefined],
  ['taro@docomo.nejp', 'taro@docomo.ne.jp'],
  ['taro@dokomo.ne.jp', 'taro@docomo.ne.jp'],
  ['taro@ezweb.ne.jo', 'taro@ezweb.ne.jp'],
  ['taro@ezwab.ne.jp', 'taro@ezweb.ne.jp'],
  ['taro@sofbank.ne.jp', 'taro@softbank.ne.jp'],
  ['taro@yaho.co.jp', 'taro@yahoo.co.jp'],
  ['taro@yahoo.co.jo', 'taro@yahoo.co.jp'],
  ['taro@yahoo.cojp', 'taro@yahoo.co.jp'],
  ['taro@icloud.con', 'taro@icloud.com'],
  ['taro@iclud.com', 'taro@icloud.com'],
  ['taro@outlok.jp', 'taro@outlook.jp'],
  ['taro@hotmail.cp.jp', 'taro@hotmail.co.jp'],
  ['taro@company.co.jo', 'taro@company.co.jp'],
  ['taro@company.con', 'taro@company.com'],
])('%s には %s をすすめる', (typed, meant) => {
  expect(likelyMeant(typed)).toBe(meant);
});

test.each([
  ...['taro@gmail.com', 'taro@docomo.ne.jp', 'taro@ymail.com', 'taro@mail.com', 'taro@yahoo.com', 'taro@au.com'],
  ...['taro@example.jp', 'taro@example.co.jp', 'taro@kon.com', 'taro@me.com', 'taro@例え.jp', '太郎@example.jp'],
  ...['taro@example.co', 'taro@example.jo', 'taro@a.b.example.io', 'a..b.@docomo.ne.jp', '', '@', 'taro'],
])('実在しうる %s には何もすすめない', (typed) => {
  expect(likelyMeant(typed)).toBeUndefined();
});

test('すすめるのは@の後だけで、名前の側はどの文字も変えない', () => {
  const local = '"odd @ local".x..y+z';
  expect(likelyMeant(`${local}@gmial.com`)).toBe(`${local}@gmail.com`);
});
