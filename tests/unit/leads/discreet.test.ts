import { expect, test } from 'vitest';
import { discreet } from '#lib/leads/discreet.ts';
import { describeError } from '#lib/log.ts';
import { lead } from './sample-lead.ts';

test.each([
  ['550 no such user 山田　太郎', '550 no such user <typed>'],
  ['554 spam: 月・水・金だと助かります', '554 spam: <typed>'],
  ['554 utm_source=news is listed', '554 <typed> is listed'],
  ['550 relay access denied', '550 relay access denied'],
])('メールサーバーの言葉から、登録した人が書いたものを除く: %s', (said, written) => {
  // As the transport hands it on: blanks are already single and plain.
  expect(discreet(describeError(new Error(said)).message, lead)).toBe(written);
});

test('長い値に短い値が含まれていても、残りかすを出さない', () => {
  const note = discreet('554 山田太郎さん', { ...lead, name: '山田', followUp: { note: '山田太郎さん' } });
  expect(note).toBe('554 <typed>');
});

test('1文字の名前は、どの言葉にも入りうるため、そのまま残す', () => {
  expect(discreet('554 a bad message', { ...lead, name: 'a' })).toBe('554 a bad message');
});

test('一覧から選んだ答えは、人の書いたものではないので残す', () => {
  const note = discreet('getaddrinfo ENOTFOUND smtp.pmo.example.jp', { ...lead, followUp: { role: 'pmo' } });
  expect(note).toBe('getaddrinfo ENOTFOUND smtp.pmo.example.jp');
});
