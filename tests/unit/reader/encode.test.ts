import { expect, test } from 'vitest';
import { chooseEncoding, toBrotli } from '#lib/reader/encode.ts';

test.each([
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip, deflate', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['br;q=0.5, gzip;q=0.9', 'gzip'],
  ['*', 'br'],
  ['*;q=0', 'identity'],
  ['identity', 'identity'],
  ['', 'identity'],
  [undefined, 'identity'],
  ['GZIP;q=1.0', 'gzip'],
  ['br;q=abc', 'identity'],
  [',,;;q=', 'identity'],
] as const)('Accept-Encoding「%s」には %s で答える', (accepted, expected) => {
  expect(chooseEncoding(accepted)).toBe(expected);
});

test('圧縮したページは、ちょうどその大きさの記憶だけを使う', async () => {
  const page = await toBrotli(Buffer.from('長く続けられる案件を、専任の担当者がご紹介します。'.repeat(200)), 'small');
  expect(page.length).toBeLessThan(1000);
  expect(page.buffer.byteLength).toBe(page.length);
});
