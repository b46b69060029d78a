import { expect, test } from 'vitest';
import { readPhone } from '#lib/leads/phone.ts';
import { ANSWER_MESSAGES, answersSchema } from '#lib/leads/schema.ts';

const { phoneEmpty: EMPTY, phoneForm: FORM, phoneShort: SHORT, phoneLong: LONG } = ANSWER_MESSAGES;

/** What the form makes of it: one number in E.164, or the words at the field. */
function read(typed: string): string | undefined {
  const checked = answersSchema.shape.phone.safeParse(typed);
  if (!checked.success) return checked.error.issues[0]?.message;
  const phone = readPhone(checked.data);
  return phone.status === 'dialable' ? phone.e164 : phone.message;
}

const MOBILE = '+819012345678';
const TABLE: readonly [typed: string, becomes: string][] = [
  ['09012345678', MOBILE],
  ['090-1234-5678', MOBILE],
  ['０９０１２３４５６７８', MOBILE],
  ['０９０－１２３４－５６７８', MOBILE],
  ['090ー1234ー5678', MOBILE],
  ['090‐1234‐5678', MOBILE],
  ['090–1234–5678', MOBILE],
  ['090—1234—5678', MOBILE],
  ['090−1234−5678', MOBILE],
  ['090―1234―5678', MOBILE],
  ['090 1234 5678', MOBILE],
  ['090　1234　5678', MOBILE],
  ['090.1234.5678', MOBILE],
  ['090・1234・5678', MOBILE],
  ['090/1234/5678', MOBILE],
  ['(090)1234-5678', MOBILE],
  ['（０９０）１２３４－５６７８', MOBILE],
  [' 090-1234-5678\n', MOBILE],
  ['\u200e090-1234-5678\u200f', MOBILE],
  ['+819012345678', MOBILE],
  ['+81 90-1234-5678', MOBILE],
  ['+81 (0)90-1234-5678', MOBILE],
  ['＋８１－９０－１２３４－５６７８', MOBILE],
  ['9012345678', MOBILE],
  ['03-1234-5678', '+81312345678'],
  ['(03) 1234 5678', '+81312345678'],
  ['06-6123-4567', '+81661234567'],
  ['0120-123-456', '+81120123456'],
  ['0800-123-4567', '+818001234567'],
  ['050-1234-5678', '+815012345678'],
  ['+1 (202) 555-0123', '+12025550123'],
  ['+44 7911 123456', '+447911123456'],
  ['', EMPTY],
  [' 　', EMPTY],
  ['なし', FORM],
  ['tel 090-1234-5678', FORM],
  ['090-1234-567', SHORT],
  ['1234-5678', SHORT],
  ['090-1234-56789', LONG],
  ['090-1234-5678 03-1234-5678', LONG],
];

test('書き方は40通りある', () => {
  expect(new Set(TABLE.map(([typed]) => typed)).size).toBe(40);
});

test.each(TABLE)('「%s」は「%s」になる', (typed, becomes) => {
  expect(read(typed)).toBe(becomes);
});
