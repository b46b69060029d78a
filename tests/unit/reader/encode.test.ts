import { expect, test } from 'vitest';
import { chooseEncoding } from '#lib/reader/encode.ts';

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
