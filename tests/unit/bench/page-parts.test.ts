import { expect, test } from 'vitest';
import { expectSamePage } from '../../bench/page-parts.ts';

const page = (head: string, body: string): string => `<html><head>${head}</head><body>${body}</body></html>`;

test('書き方の違いと、順序の違うhead、スタイルの置き場所は、同じページとみなす', () => {
  const ours = page(
    '<style>p{}</style><meta name="description" content="要約"/><link rel="icon" href="/a"/>',
    '<P>本文<br/></P>\n',
  );
  const theirs = page(
    '<link rel="icon" href="/a"><link rel="stylesheet" href="/b"><meta name="description">',
    '<p>\n本文<br></p>',
  );
  expect(() => expectSamePage('Astro', ours, theirs)).not.toThrow();
});

test.each([
  ['言葉', page('', '<p>本文</p>')],
  ['要素', page('', '<p><b>長い本文</b></p>')],
  ['headの項目', page('<meta name="description">', '<p>長い本文</p>')],
  ['終わりの余分', page('', '<p>長い本文</p><hr>')],
])('%sが違えば、比べる意味がないと言って止まる', (_, theirs) => {
  expect(() => expectSamePage('Astro', page('', '<p>長い本文</p>'), theirs)).toThrow('Astro draws another page');
});
