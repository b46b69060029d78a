import { expect, onTestFinished, test } from 'vitest';
import { openArticleIndex } from '#lib/articles/search/article-index.ts';
import { normalForm } from '#lib/articles/search/normal-form.ts';
import { QUERY_LIMIT, readQuery } from '#lib/articles/search/query.ts';

const article = { title: '題名', tags: [], description: '要約', headings: [] };

function find(sentences: Record<string, string>, words: string): string[] {
  const index = openArticleIndex();
  onTestFinished(() => index.close());
  for (const [slug, sentence] of Object.entries(sentences)) index.put({ ...article, slug, paragraphs: [sentence] });
  while (!index.build(1000));
  const query = readQuery(words);
  if (query.status !== 'asked') throw new Error('not a question');
  return index.search(query.wanted, 0, 10).hits.map(({ slug }) => slug);
}

test.each([
  ['PMO" OR "会議', ['pmo"', 'or', '"会議']],
  ['title:PMO', ['title:pmo']],
  ['PMO*', ['pmo*']],
  ['^PMO + 会議', ['^pmo', '+', '会議']],
  ['NEAR(PMO 会議)', ['near(pmo', '会議)']],
  ['{title} : PMO', ['{title}', ':', 'pmo']],
  ["'; DROP TABLE articles; --", ["';", 'drop', 'table', 'articles;', '--']],
  ['100%', ['100%']],
  ['_', ['_']],
  ['\\', ['\\']],
  ['"', ['"']],
  ['""', ['""']],
  ['👨‍👩‍👧', ['👨👩👧']],
  ['👍', ['👍']],
  ['𠮷', ['𠮷']],
  ['a\u0000b', ['a', 'b']],
  ['\ud83d', ['\ufffd']],
  // The signs that the index itself puts between lines and letters.
  ['\ue0ff', ['\ue0ff']],
  ['\ue102a', ['\ue102a']],
])('記号に特別な意味はない: %s', (typed, terms) => {
  const query = readQuery(typed);
  expect(query).toMatchObject({ wanted: { terms: terms.map(normalForm) } });
  const sentences = { signs: `記号は${typed}のように書きます。`, none: '記号のない文です。', also: '二つ目の文です。' };
  expect(find(sentences, typed)).toEqual(['signs']);
});

test('行をまたぐ言葉は見つからない', () => {
  const index = openArticleIndex();
  onTestFinished(() => index.close());
  index.put({ ...article, slug: 'a', paragraphs: ['最初の行', '次の行'] });
  const total = (words: string) => {
    const query = readQuery(words);
    return query.status === 'asked' ? index.search(query.wanted, 0, 10).total : 0;
  };
  const answers = () => ['行次', '要約最', '題名要', '最初の行', '次の行'].map(total);
  expect(answers()).toEqual([0, 0, 0, 1, 1]);
  index.build(1000);
  expect(answers()).toEqual([0, 0, 0, 1, 1]);
});

test('空の検索、空白だけの検索、長すぎる検索は、検索しない', () => {
  for (const typed of ['', ' ', '　\n\t', '\u0000', '\u200b\ufeff']) {
    expect(readQuery(typed), JSON.stringify(typed)).toEqual({ status: 'empty' });
  }
  expect(readQuery('あ'.repeat(QUERY_LIMIT))).toMatchObject({ status: 'asked' });
  expect(readQuery('あ'.repeat(QUERY_LIMIT + 1))).toMatchObject({ status: 'too-long' });
  // One character that NFKC writes out as eighteen.
  expect(readQuery('ﷺ'.repeat(20))).toMatchObject({ status: 'too-long' });
});

test('256文字の検索も見つかる', () => {
  const sentence = Array.from({ length: QUERY_LIMIT }, (_, index) => String.fromCodePoint(0x4e00 + index)).join('');
  expect(find({ long: sentence, short: sentence.slice(1) }, sentence)).toEqual(['long']);
});

test('画面に出す言葉は、空白と幅をそろえ、大文字と小文字は打ったままにする', () => {
  expect(readQuery('　ＰＭＯ \n Office ')).toMatchObject({ words: 'PMO Office' });
  expect(readQuery('会議 会議録 会議')).toMatchObject({ wanted: { terms: ['会議録'], phrase: '会議 会議録 会議' } });
});
