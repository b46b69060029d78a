import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { readReceipt, signReceipt } from '#lib/leads/receipt.ts';
import { FRIDAY_EVENING } from './stage.ts';

const key = randomBytes(32).toString('base64');
const leadId = '511b6d36-09bb-4101-a104-fed39e66c3d4';
const token = signReceipt({ leadId }, FRIDAY_EVENING, key);
const after = (minutes: number) => new Date(FRIDAY_EVENING.getTime() + minutes * 60_000);
const DAY = 24 * 60;

test('受付の印は、登録を指し、URLにそのまま書ける', () => {
  expect(token).toMatch(/^[\w-]{40,60}$/);
  expect(readReceipt(token, FRIDAY_EVENING, key)).toEqual({ status: 'valid', leadId, fresh: true });
});

test('1時間たつと新しくなくなり、30日たつと無効になる', () => {
  expect(readReceipt(token, after(60), key)).toMatchObject({ status: 'valid', fresh: true });
  expect(readReceipt(token, after(61), key)).toMatchObject({ status: 'valid', fresh: false });
  expect(readReceipt(token, after(30 * DAY), key)).toMatchObject({ status: 'valid', fresh: false });
  expect(readReceipt(token, after(30 * DAY + 1), key)).toEqual({ status: 'invalid' });
});

test('どの1文字を変えても、長さを変えても、ほかの鍵でも無効になる', () => {
  for (let at = 0; at < token.length; at += 1) {
    const other = token[at] === 'A' ? 'B' : 'A';
    const forged = token.slice(0, at) + other + token.slice(at + 1);
    expect(readReceipt(forged, FRIDAY_EVENING, key)).toEqual({ status: 'invalid' });
  }
  for (const wrong of ['', 'x', token.slice(1), `${token}AAAA`, 'undefined', '受付']) {
    expect(readReceipt(wrong, FRIDAY_EVENING, key)).toEqual({ status: 'invalid' });
  }
  expect(readReceipt(token, FRIDAY_EVENING, randomBytes(32).toString('base64'))).toEqual({ status: 'invalid' });
});
