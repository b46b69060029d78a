import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fixContent } from '#lib/articles/fix.ts';
import { faultLine } from '#lib/articles/schema.ts';
import { onTheSpot } from '#lib/articles/workshop.ts';
import { articleText, contentFolder } from './content-folder.ts';

async function fix(root: string, isWanted: (file: string) => boolean = () => true): Promise<string[]> {
  return (await fixContent(root, isWanted, onTheSpot)).map((each) => faultLine(each).replace(`${root}/articles/`, ''));
}
const textOf = (root: string, name: string) => fs.readFileSync(path.join(root, 'articles', name), 'utf8');

test('見えない文字、分かれた文字、行の終わりの空白が直り、直した場所がわかり、2度目には何もしない', async () => {
  const root = contentFolder({
    'a.mdx': articleText({ body: '見え\u200bない\u00a0文字 \n\nひらか\u3099な\t\n\n<Cta />\n' }),
  });
  expect(await fix(root)).toEqual([
    'a.mdx:10:3: 見えない文字を消しました（U+200B）',
    'a.mdx:10:6: 空白に見える文字を半角の空白にしました（U+00A0）',
    'a.mdx:10:9: 行の終わりの空白を消しました',
    'a.mdx:12:3: 2つに分かれた「が」を1文字にしました',
    'a.mdx:12:6: 行の終わりの空白を消しました',
  ]);
  expect(textOf(root, 'a.mdx')).toBe(articleText({ body: '見えない 文字\n\nひらがな\n\n<Cta />\n' }));
  expect(await fix(root)).toEqual([]);
  expect(fs.readdirSync(path.join(root, 'articles'))).toEqual(['a.mdx']);
});

test.each([
  ['改行を表す2つの空白', '1行目  \n2行目\n\n<Cta />\n'],
  ['コードの中の空白', '```\nコード \n```\n\n<Cta />\n'],
  ['絵文字をつなぐ文字、人名の異体字、旗', '👨‍👩‍👧と葛\u{e0100}と\ufa19と🏴\u{e0067}\u{e0062}\u{e007f}\n\n<Cta />\n'],
  ['行を分ける文字', '1行目\u20282行目\n\n<Cta />\n'],
])('%sには触らない', async (_, body) => {
  const root = contentFolder({ 'a.mdx': articleText({ body }) });
  expect(await fix(root)).toEqual([]);
  expect(textOf(root, 'a.mdx')).toBe(articleText({ body }));
});

test('コードの中の空白は残り、同じ記事のほかの空白は消える', async () => {
  const root = contentFolder({ 'a.mdx': articleText({ body: '```\nコード \n```\n\n文です。 \n\n<Cta />\n' }) });
  expect(await fix(root)).toEqual(['a.mdx:14:5: 行の終わりの空白を消しました']);
});

test('読めない記事と、指定していない記事には触らない', async () => {
  const broken = articleText({ body: '見え\u200bない<10万円\n' });
  const headless = '見え\u200bない\n';
  const other = articleText({ body: '見え\u200bない\n\n<Cta />\n' });
  const root = contentFolder({ 'a.mdx': broken, 'b.mdx': headless, 'c.mdx': other });
  expect(await fix(root, (file) => !file.endsWith('c.mdx'))).toEqual([]);
  expect([textOf(root, 'a.mdx'), textOf(root, 'b.mdx'), textOf(root, 'c.mdx')]).toEqual([broken, headless, other]);
});

test('ファイルは丸ごと入れ替わり、権限とリンクはそのまま残る', async () => {
  const root = contentFolder({ 'a.mdx': articleText({ body: '見え\u200bない\n\n<Cta />\n' }) });
  const file = path.join(root, 'articles/a.mdx');
  const linked = path.join(root, 'articles/kept.txt.tmp');
  fs.renameSync(file, linked);
  fs.symlinkSync(linked, file);
  fs.chmodSync(linked, 0o640);
  const before = fs.statSync(linked);
  expect(await fix(root)).toHaveLength(1);
  expect(fs.lstatSync(file).isSymbolicLink()).toBe(true);
  const after = fs.statSync(linked);
  expect([after.mode & 0o777, after.ino === before.ino]).toEqual([0o640, false]);
});
