import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { readLink, signLink } from '#lib/leads/links.ts';
import { readReceipt, signReceipt } from '#lib/leads/receipt.ts';
import { FRIDAY_EVENING } from './stage.ts';

const key = randomBytes(32).toString('base64');
const linked = { leadId: '511b6d36-09bb-4101-a104-fed39e66c3d4', revision: 3 };
const token = signLink('change', linked, FRIDAY_EVENING, key);
const after = (days: number) => new Date(FRIDAY_EVENING.getTime() + days * 86_400_000);

test('リンクの印は、どの登録のどの版かだけを言い、URLにそのまま書ける', () => {
  expect(token).toMatch(/^[\w-]{40,60}$/);
  expect(readLink('change', token, FRIDAY_EVENING, key)).toEqual({ status: 'valid', ...linked });
});

test('訂正のリンクは30日、追加の質問は1日で使えなくなる', () => {
  const answering = signLink('follow-up', linked, FRIDAY_EVENING, key);
  expect(readLink('change', token, after(30), key).status).toBe('valid');
  expect(readLink('change', token, after(30.01), key).status).toBe('invalid');
  expect(readLink('follow-up', answering, after(1), key).status).toBe('valid');
  expect(readLink('follow-up', answering, after(1.01), key).status).toBe('invalid');
});

test('印は目的ごとに別で、受付の印や追加の質問の印では訂正も取り消しもできない', () => {
  const others = [
    signReceipt(linked, FRIDAY_EVENING, key),
    signLink('follow-up', linked, FRIDAY_EVENING, key),
    signLink('change', linked, FRIDAY_EVENING, randomBytes(32).toString('base64')),
    ...['', 'x', token.slice(1), `${token}AAAA`, 'undefined', '受付'],
  ];
  for (const other of others) expect(readLink('change', other, FRIDAY_EVENING, key)).toEqual({ status: 'invalid' });
  expect(readReceipt(token, FRIDAY_EVENING, key)).toEqual({ status: 'invalid' });
});

test('どの1文字を、どの文字に変えても、足しても使えない', () => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= \n';
  for (let at = 0; at <= token.length; at += 1) {
    for (const letter of letters) {
      if (letter === token[at]) continue;
      const forged = token.slice(0, at) + letter + token.slice(at + 1);
      expect(readLink('change', forged, FRIDAY_EVENING, key), `${at} ${letter}`).toEqual({ status: 'invalid' });
    }
  }
});
