import { expect, test } from 'vitest';
import { previewPath, readPreview } from '#lib/articles/preview-link.ts';
import { seal } from '#lib/signature.ts';

const KEY = Buffer.alloc(32, 1).toString('base64');
const OTHER_KEY = Buffer.alloc(32, 2).toString('base64');
// A Sunday at noon in Japan.
const NOW = new Date('2026-11-22T12:00:00+09:00');
const UNTIL = new Date('2026-11-29T12:00:00+09:00');

const tokenOf = (address: string) => new URL(address, 'http://localhost').searchParams.get('t') ?? '';
const made = previewPath('my-draft', NOW, KEY);
const readAt = (now: Date, token = tokenOf(made), slug = 'my-draft') => readPreview(slug, token, now, KEY);

test('下書きのアドレスは、作ってから7日間、その秒まで開ける', () => {
  expect(made).toMatch(/^\/drafts\/my-draft\?t=[\w-]+$/);
  expect(readAt(NOW)).toEqual({ status: 'valid', until: UNTIL });
  expect(readAt(new Date(UNTIL.getTime() - 1))).toEqual({ status: 'valid', until: UNTIL });
  expect(readAt(UNTIL)).toEqual({ status: 'expired', until: UNTIL });
});

test('ほかの記事には使えない', () => {
  expect(readAt(NOW, tokenOf(made), 'my-draf')).toEqual({ status: 'invalid' });
  expect(readAt(NOW, tokenOf(made), 'other')).toEqual({ status: 'invalid' });
});

test('どの1文字を変えても、短くしても、長くしても、使えない', () => {
  const token = tokenOf(made);
  for (let at = 0; at < token.length; at++) {
    const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
    expect(readAt(NOW, changed), changed).toEqual({ status: 'invalid' });
  }
  for (const wrong of ['', 'x', token.slice(1), `${token}A`, '下書き', '../..']) {
    expect(readAt(NOW, wrong), wrong).toEqual({ status: 'invalid' });
  }
});

test('別の鍵や、別の目的で作られた印では開けない', () => {
  expect(readAt(NOW, tokenOf(previewPath('my-draft', NOW, OTHER_KEY)))).toEqual({ status: 'invalid' });
  const body = Buffer.alloc(6);
  body.writeUIntBE(NOW.getTime(), 0, 6);
  expect(readAt(NOW, seal('change', body, KEY))).toEqual({ status: 'invalid' });
});
