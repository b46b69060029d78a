import { expect, test } from 'vitest';
import { readPhone } from '#lib/leads/phone.ts';
import { ANSWER_MESSAGES } from '#lib/leads/schema.ts';

test.each([
  ['090-1234-5678', '+819012345678'],
  ['09012345678', '+819012345678'],
  ['０９０－１２３４－５６７８', '+819012345678'],
  ['090ー1234ー5678', '+819012345678'],
  ['(03) 3123-4567', '+81331234567'],
  ['03（3123）4567', '+81331234567'],
  ['+81 90-1234-5678', '+819012345678'],
  ['＋８１（０）９０ １２３４ ５６７８', '+819012345678'],
  ['+81-3-3123-4567', '+81331234567'],
  ['060-1234-5678', '+816012345678'],
  ['050-1234-5678', '+815012345678'],
  ['0120-123-456', '+81120123456'],
  ['0800-123-4567', '+818001234567'],
  ['9012345678', '+819012345678'],
  ['+1 202 555 0123', '+12025550123'],
  ['+44 7911 123456', '+447911123456'],
])('%s は %s として通る', (typed, e164) => {
  expect(readPhone(typed)).toEqual({ status: 'dialable', e164 });
});

test('番号表にまだ無い帯でも、桁数が合っていれば登録を断らない', () => {
  expect(readPhone('03-0000-0000')).toEqual({ status: 'dialable', e164: '+81300000000' });
});

test.each([
  ['090-1234-567', ANSWER_MESSAGES.phoneShort],
  ['090-1234-56789', ANSWER_MESSAGES.phoneLong],
  ['03-1234-567', ANSWER_MESSAGES.phoneShort],
  ['03-1234-56789', ANSWER_MESSAGES.phoneLong],
  ['+81 90 1234 567', ANSWER_MESSAGES.phoneShort],
  ['+1 202 555', ANSWER_MESSAGES.phoneShort],
  ['+1 202 555 01234 5', ANSWER_MESSAGES.phoneLong],
  ['0000000000', ANSWER_MESSAGES.phoneForm],
  ['1234567890', ANSWER_MESSAGES.phoneForm],
])('%s は直し方を言って断る', (typed, message) => {
  expect(readPhone(typed)).toEqual({ status: 'fault', message });
});
