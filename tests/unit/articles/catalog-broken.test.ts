import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openCatalog } from '#lib/articles/catalog.ts';
import { listContent } from '#lib/articles/folder.ts';
import { faultLine } from '#lib/articles/schema.ts';
import { articleText, contentFolder } from './content-folder.ts';

// A Sunday at noon in Japan; all articles below are dated around it.
const NOW = new Date('2026-11-22T12:00:00+09:00');
const _at = (instant: string) => new Date(`${instant}+09:00`);
const write = (root: string, file: string, text: string) => fs.writeFileSync(path.join(root, file), text);
const problemsOf = (root: string, articles: ReturnType<typeof openCatalog>) =>
  articles.problems().map((fault) => faultLine(fault).replace(`${root}/`, ''));

test('壊れた項目と壊れた本文は場所と直し方が示され、ほかの記事は公開される', async () => {
  const root = contentFolder({
    'good.mdx': articleText(),
    'head.mdx': articleText({ head: { category: 'nothing', titel: '題名' } }),
    'body.mdx': articleText({ body: '料金は<10万円です。\n' }),
  });
  const articles = openCatalog(root);
  expect(problemsOf(root, articles)).toEqual([
    'articles/head.mdx:8:1: titelという項目はありません（使える項目: title、description、publishedAt、updatedAt、expiresAt、author、supervisor、category、tags、image、imageAlt、draft、disclosure、aliases）',
  ]);
  expect(await articles.verify()).toBe(true);
  expect(problemsOf(root, articles)[0]).toBe(
    'articles/body.mdx:10:4: 「<」の後がタグの名前ではありません（「\\<」か全角の「＜」と書きます）',
  );
  const snapshot = articles.snapshot(NOW);
  expect(snapshot.visible.map(({ slug }) => slug)).toEqual(['good']);
  expect(snapshot.find('body')).toMatchObject({ status: 'broken', faults: [{ line: 10, column: 4 }] });
  expect(await articles.compiled('good')).toMatchObject({ status: 'compiled' });
});

test.each([
  ['項目', articleText({ head: { publishedAt: '2026-02-30' } }), '4:14'],
  ['分類', articleText({ head: { category: 'nothing' } }), '6:1'],
  ['本文', articleText({ body: '{式}\n' }), '10:1'],
  ['中身', '', '1:1'],
])('%sの壊れた保存では最後の良い版が残り、直せば新しい版になる', async (_, broken, place) => {
  const root = contentFolder({ 'a.mdx': articleText({ head: { title: '良い版' } }) });
  const articles = openCatalog(root);
  const title = () => articles.snapshot(NOW).visible.map((article) => article.title);
  write(root, 'articles/a.mdx', broken);
  expect(await articles.refresh(listContent(root))).toBe(true);
  expect(title()).toEqual(['良い版']);
  expect(await articles.compiled('a')).toMatchObject({ status: 'compiled' });
  expect(problemsOf(root, articles)).toEqual([expect.stringMatching(`^articles/a.mdx:${place}: .+（.+）$`)]);
  write(root, 'articles/a.mdx', articleText({ head: { title: '次の版' } }));
  expect(await articles.refresh(['articles/a.mdx'])).toBe(true);
  expect(title()).toEqual(['次の版']);
  expect(problemsOf(root, articles)).toEqual([]);
});

test('壊れた保存を元の内容に戻すと、問題は消える', async () => {
  const root = contentFolder({ 'a.mdx': articleText() });
  const articles = openCatalog(root);
  write(root, 'articles/a.mdx', '---\n');
  await articles.refresh(listContent(root));
  expect(articles.problems()).toHaveLength(1);
  write(root, 'articles/a.mdx', articleText());
  await articles.refresh(listContent(root));
  expect(articles.problems()).toEqual([]);
});

test('分類のファイルが壊れても、分類が消されても、記事は公開されたままになる', async () => {
  const root = contentFolder({ 'a.mdx': articleText() });
  const articles = openCatalog(root);
  expect(articles.snapshot(NOW).visible).toHaveLength(1);
  write(root, 'categories.yaml', '- id: work\n  name: [\n');
  await articles.refresh(listContent(root));
  expect(articles.snapshot(NOW).visible).toHaveLength(1);
  expect(problemsOf(root, articles)).toEqual([expect.stringMatching(/^categories.yaml:\d+:\d+: /)]);
  write(root, 'categories.yaml', '- id: career\n  name: キャリア\n  description: 説明\n');
  await articles.refresh(listContent(root));
  expect(articles.snapshot(NOW).visible.map(({ category }) => category.name)).toEqual(['しごと']);
  expect(problemsOf(root, articles)).toEqual([
    'articles/a.mdx:6:1: categoryの「work」はcontent/categories.yamlにありません（使えるid: career）',
  ]);
});

test('フォルダーの外を指すリンク、使えない名前、大きすぎるファイル、UTF-8でないファイルは断られ、ほかは公開される', () => {
  const root = contentFolder({ 'good.mdx': articleText() });
  const outside = path.join(path.dirname(root), 'outside.mdx');
  fs.writeFileSync(outside, articleText());
  fs.symlinkSync(outside, path.join(root, 'articles/link.mdx'));
  fs.symlinkSync(path.join(root, 'articles/good.mdx'), path.join(root, 'articles/inner.mdx'));
  fs.mkdirSync(path.join(root, 'articles/folder.mdx'));
  write(root, 'articles/日本語.mdx', articleText());
  write(root, 'articles/with space.mdx', articleText());
  write(root, 'articles/..mdx', articleText());
  write(root, 'articles/note.md', articleText());
  write(root, 'articles/.good.mdx.swp', 'x');
  write(root, 'articles/huge.mdx', articleText({ body: 'あ'.repeat(1_700_000) }));
  const sjis = Buffer.concat([Buffer.from(articleText()), Buffer.from('本文'), Buffer.from([0x96, 0x7b])]);
  fs.writeFileSync(path.join(root, 'articles/sjis.mdx'), sjis);
  const articles = openCatalog(root);
  expect(articles.snapshot(NOW).visible.map(({ slug }) => slug)).toEqual(['good', 'inner']);
  const bodyLines = articleText().split('\n').length;
  expect(problemsOf(root, articles).map((problem) => problem.split(': ')[0])).toEqual([
    'articles/folder.mdx:1:1',
    'articles/huge.mdx:1:1',
    'articles/link.mdx:1:1',
    'articles/note.md:1:1',
    `articles/sjis.mdx:${bodyLines}:3`,
    'articles/with space.mdx:1:1',
    'articles/日本語.mdx:1:1',
  ]);
});

test('なくなったファイルは問題として一度だけ知らされ、戻ると消える', async () => {
  const root = contentFolder({ 'a.mdx': articleText() });
  const articles = openCatalog(root);
  const text = fs.readFileSync(path.join(root, 'figures.yaml'), 'utf8');
  fs.rmSync(path.join(root, 'figures.yaml'));
  expect(await articles.refresh(listContent(root))).toBe(true);
  expect(problemsOf(root, articles)).toEqual(['figures.yaml:1:1: ファイルがありません（元の場所に戻します）']);
  expect(articles.snapshot(NOW).figures).toHaveLength(1);
  expect(await articles.refresh(listContent(root))).toBe(false);
  write(root, 'figures.yaml', text);
  expect(await articles.refresh(listContent(root))).toBe(true);
  expect(articles.problems()).toEqual([]);
  expect(await articles.refresh(listContent(root))).toBe(false);
});
