import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { proof } from '#lib/articles/prose/proof.ts';
import { proofread } from '#lib/articles/prose/proofread.ts';
import { openProofreader } from '#lib/articles/prose/proofreader.ts';
import { readWords } from '#lib/articles/prose/words.ts';
import { faultLine } from '#lib/articles/schema.ts';
import { splitArticle } from '#lib/articles/source.ts';
import { articleText, contentFolder } from './content-folder.ts';

const sourceOf = (body: string) => {
  const split = splitArticle('a.mdx', articleText({ body: `${body}\n\n<Cta />\n` }));
  if (split.status === 'broken') throw new Error('The head of the test is broken');
  return split.value.source;
};
const wordsOf = (root: string) => {
  const words = readWords(root);
  if (words.status === 'broken') throw new Error(words.faults.map(faultLine).join('\n'));
  return words.value;
};
const shipped = wordsOf(path.resolve('content'));
const linesOf = async (body: string) =>
  (await proof(sourceOf(body), shipped)).map(({ line, column, message }) => `${line}:${column} ${message}`);

test('このサイトの記事の文章には、何も言わない', async () => {
  expect((await proofread(path.resolve('content'), () => true)).map(faultLine)).toEqual([]);
}, 60_000);

// Thirty slips as they are made, the place of each in the body's first line (line 10 of the file).
test.each([
  ['シュミレーションをします。', 1, '「シミュレーション」と書きます'],
  ['よいコミニュケーションです。', 3, '「コミュニケーション」と書きます'],
  ['ユーザの声を聞きます。', 1, '「ユーザー」と書きます'],
  ['次に、サーバを移します。', 4, '「サーバー」と書きます'],
  ['議事禄を書きます。', 1, '「議事録」と書きます'],
  ['今週の進渉を話します。', 4, '「進捗」と書きます'],
  ['短価を決めます。', 1, '「単価」と書きます'],
  ['Pdmの仕事です。', 1, '「PdM」と書きます'],
  ['PDMの仕事です。', 1, '「PdM」と書きます'],
  ['ベンダと話します。', 1, '「ベンダー」と書きます'],
  ['週3日の稼動です。', 5, '「稼働」と書きます'],
  ['要件定議から始めます。', 1, '「要件定義」と書きます'],
  ['御担当者に渡します。', 1, '「担当者」と書きます'],
  ['エントリーはこちらです。', 1, '「登録」と書きます'],
  ['様々な会社があります。', 1, '「さまざま」と書きます'],
  ['例えば会議です。', 1, '「たとえば」と書きます'],
  ['打合せに出ます。', 1, '「打ち合わせ」と書きます'],
  ['予め伝えます。', 1, '「あらかじめ」と書きます'],
  ['ここで確かめて下さい。', 8, '「ください」と書きます'],
  ['この画面で予定が見れます。', 10, 'ら抜き言葉'],
  ['予定が合わないが、会議は開くが、資料はない。', 8, '逆接の「が」が2つ'],
  ['会議に出ないわけではない。', 11, '二重の否定'],
  ['ﾌﾟﾛｼﾞｪｸﾄを始めます。', 1, '半角のカナ'],
  ['会議は資料は配りません。', 6, '助詞「は」'],
  ['会議でで話します。', 4, '同じ言葉が続いています'],
  ['予定を確認することができます。', 6, 'まわりくどい'],
  ['会議（週に1回を開きます。', 3, '対になる括弧がありません'],
  [`${'会議の資料を早めに配ると話が進み'.repeat(10)}ます。`, 1, '150文字を超えています'],
  ['会議に出て、資料を読み、話を聞き、記録を取り、質問に答え、課題を書き、次を決め、終わります。', 40, '読点が7つ以上'],
  ['全社情報基盤刷新計画推進会議に出ます。', 1, '漢字が9文字以上'],
  ['会議に出ます。資料を読むのである。', 14, '文末が周りとそろっていません'],
  ['しかし、会議は開きます。しかし、資料はありません。', 13, '同じつなぎの言葉'],
])('%sは、その場所と直し方が示される', async (body, column, message) => {
  expect(await linesOf(body)).toEqual([expect.stringMatching(new RegExp(`^10:${column} .*${message}.*（.+）$`))]);
});

test('引用、出典、コードの中の言葉には何も言わない', async () => {
  const body =
    '<Quotation source="資料">\n\n議事禄です。\n\n</Quotation>\n\n`議事禄`と書きません。\n\n<Sources>\n\n- 議事禄\n\n</Sources>';
  expect(await linesOf(body)).toEqual([]);
});

test('サイトの辞書は、ほかの辞書より優先される', async () => {
  const root = contentFolder();
  fs.writeFileSync(path.join(root, 'words.yaml'), '- write: ユーザ\n  not: [ユーザー]\n');
  const found = await proof(sourceOf('ユーザとユーザーの議事禄です。'), wordsOf(root));
  expect(found.map(({ message }) => message)).toEqual([
    '「ユーザー」は「ユーザ」と書きます（「ユーザ」に直します）',
    '「議事禄」は「議事録」と書きます（「議事録」に直します）',
  ]);
});

test('サイトの辞書が壊れていれば、その場所が問題として示される', async () => {
  const root = contentFolder({ 'a.mdx': articleText() });
  fs.writeFileSync(
    path.join(root, 'words.yaml'),
    '- write: 登録\n  nott: [エントリー]\n- write: 担当者\n  not: [担当, "/担(/"]\n',
  );
  expect((await proofread(root, () => true)).map((fault) => faultLine(fault).replace(`${root}/`, ''))).toEqual([
    expect.stringMatching(/^words\.yaml:1:3: 書き方の並びがありません/),
    expect.stringMatching(/^words\.yaml:2:3: /),
    expect.stringMatching(/^words\.yaml:4:13: 正規表現として読めません（.+）$/),
  ]);
});

test('読み終えられない文章は、本文の始まりで警告され、プロセスは続く', async () => {
  const reader = openProofreader(1);
  onTestFinished(() => reader.close());
  const [warning, ...others] = await reader.read(sourceOf('会議の資料を配ります。'.repeat(3000)), shipped);
  expect(others).toEqual([]);
  expect(warning).toEqual({
    path: 'a.mdx',
    line: 9,
    column: 1,
    message: '文章を読み終えられません（長い文と記号の並びを減らします）',
    severity: 'warning',
  });
}, 60_000);
