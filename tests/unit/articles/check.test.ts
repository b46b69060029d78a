import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkContent } from '#lib/articles/check.ts';
import { newArticle } from '#lib/articles/new-article.ts';
import { faultLine } from '#lib/articles/schema.ts';
import { onTheSpot } from '#lib/articles/workshop.ts';
import { articleText, contentFolder } from './content-folder.ts';

const NOW = new Date('2026-11-22T12:00:00+09:00');

async function check(root: string): Promise<string[]> {
  const checked = await checkContent(root, NOW, onTheSpot);
  if (checked.status === 'unreadable') return [`unreadable ${checked.fault.message}`];
  return checked.faults.map((fault) => faultLine(fault).replace(`${root}/articles/`, ''));
}

/** The faults of one article whose body, from line 10 on, is this and ends as an article should. */
const checkBody = (body: string) => check(contentFolder({ 'a.mdx': articleText({ body: `${body}\n\n<Cta />\n` }) }));

test('このサイトの記事には問題がない', async () => {
  const checked = await checkContent(path.resolve('content'), new Date());
  if (checked.status === 'unreadable') throw new Error(checked.fault.message);
  // Warnings come with the years.
  expect(checked.faults.filter(({ severity }) => severity !== 'warning').map(faultLine)).toEqual([]);
});

test('問題のない記事では何も言わない', async () => {
  expect(await check(contentFolder({ 'a.mdx': articleText() }))).toEqual([]);
});

test.each([
  ['# 題名', '10:1: 本文に「# 」の見出しがあります（記事の題名はtitleです。「## 」にします）'],
  ['### 小さな見出し', '10:1: 見出しの段が飛んでいます（「### 」を「## 」にします）'],
  ['## 章\n\n#### 節', '12:1: 見出しの段が飛んでいます（「#### 」を「### 」にします）'],
  ['## 章\n\n文\n\n## 章', '14:1: 見出し「章」は10行目にもあります（どちらかの言葉を変えます）'],
  ['##', '10:1: 見出しの文字がありません（「## 」の後に書くか、行を消します）'],
  ['## **章**', '10:4: 見出しの中に「**」があります（見出しはそれだけで太いので「**」を消します）'],
  ['- ## 章', '10:3: 見出しが部品、引用、箇条書きの中にあります（外に出します）'],
  ['> 誰かの言葉', '10:1: 引用に出典がありません（「>」を消し、<Quotation source="引用元">で囲みます）'],
  ['これは** 強調**です', '10:4: 「**」が文字のまま残ります（対になる「**」を書き、囲む言葉との間の空白を消します）'],
  ['~~「取消」~~です', '10:1: 「~~」が文字のまま残ります（対になる「~~」を書き、囲む言葉との間の空白を消します）'],
  ['企業数は5,617社', '10:5: 数値5,617が直接書かれています（<Figure id="companies" />と書きます）'],
  ['企業数は5617社', '10:5: 数値5,617が直接書かれています（<Figure id="companies" />と書きます）'],
  ['- **５，６１７**社', '10:5: 数値5,617が直接書かれています（<Figure id="companies" />と書きます）'],
  ['数は<Figure id="nothing" />', '10:3: 数値「nothing」はcontent/figures.yamlにありません（使えるid: companies）'],
  ['[](/articles)', '10:1: リンクの文字がありません（[ ]の中に、行き先のわかる言葉を書きます）'],
  ['詳しくはhttps://example.jp/をご覧', '10:24: URLと後の文がつながっています（[文字](URL)の形で書きます）'],
  ['[一覧](/article)', '10:1: 「/article」というページはありません（行き先を直します）'],
  ['[分類](/categories/nothing)', '10:1: 「/categories/nothing」というページはありません（行き先を直します）'],
  ['[記事](/articles/nothing)', '10:1: 記事「nothing」はありません（行き先を直すか、リンクを外します）'],
  ['[章](#無い)', '10:1: 見出し「#無い」が行き先にありません（見出しの言葉に合わせて直します）'],
  ['見えない\u200b文字', '10:5: 見えない文字（U+200B）があります（この文字を消します）'],
  ['空白\u00a0文字', '10:3: 見えない文字（U+00A0）があります（この文字を消します）'],
  ['文字化け\ufffd', '10:5: 文字化けの跡「\ufffd」があります（正しい文字に書き直します）'],
  ['ひらか\u3099な', '10:3: 「が」が2つの文字に分かれています（「が」と打ち直します）'],
])('本文%jは「%s」と示される', async (body, fault) => {
  expect(await checkBody(body)).toEqual([`a.mdx:${fault}`]);
});

test.each([
  '15,617社と5,6170件と56,17と5,617,000',
  '\\*\\*そのまま\\*\\*と`**`',
  '[章](#見出し)\n\n## 見出し',
  '[一覧](/articles)、[分類](/categories/work)、[編集部](/authors/team)、[登録](/register?from=a)',
  'https://example.jp/ をご覧',
  '👨‍👩‍👧と葛\u{e0100}と\ufa19',
])('本文%jには何も言わない', async (body) => expect(await checkBody(body)).toEqual([]));

test('案内のない記事は、その場所が本文の始まりで示される', async () => {
  expect(await check(contentFolder({ 'a.mdx': articleText({ body: '文です。\n' }) }))).toEqual([
    'a.mdx:10:1: <Cta />がありません（話の区切りのよい章の終わりに1つ置きます）',
  ]);
});

test('出典が2つあると2つ目が示される', async () => {
  const sources = '<Sources>\n\n- 資料\n\n</Sources>\n';
  expect(await checkBody(`${sources}\n${sources}`)).toEqual(['a.mdx:16:1: <Sources>が2つあります（1つにまとめます）']);
});

test('公開されていない記事、変わった住所、無い見出しへのリンクが示され、下書きから下書きへは何も言わない', async () => {
  const linking = (head: Record<string, string>, ...urls: string[]) =>
    articleText({ head, body: `${urls.map((url) => `- [記事](${url})`).join('\n')}\n\n<Cta />\n` });
  const faults = await check(
    contentFolder({
      'a.mdx': linking(
        {},
        '/articles/draft',
        '/articles/later',
        '/articles/old',
        '/articles/target#無い',
        '/articles/gone',
      ),
      'draft.mdx': linking({ draft: 'true' }, '/articles/draft-2', '/articles/target#章'),
      'draft-2.mdx': articleText({ head: { draft: 'true' } }),
      'later.mdx': linking({ publishedAt: '2026-12-01' }, '/articles/earlier', '/articles/gone'),
      'earlier.mdx': articleText({ head: { publishedAt: '2026-11-30' } }),
      'target.mdx': articleText({ head: { aliases: '[old]' }, body: '## 章\n\n<Cta />\n' }),
      'gone.mdx': articleText({ head: { expiresAt: '2026-11-25' } }),
    }),
  );
  expect(faults).toEqual([
    'a.mdx:10:3: 記事「draft」は公開されていません（公開日と下書きを確かめるか、リンクを外します）',
    'a.mdx:11:3: 記事「later」は公開されていません（公開日と下書きを確かめるか、リンクを外します）',
    'a.mdx:12:3: 記事「old」は「target」に変わりました（/articles/targetと書きます）',
    'a.mdx:13:3: 見出し「#無い」が行き先にありません（見出しの言葉に合わせて直します）',
    'later.mdx:11:3: 記事「gone」は公開されていません（公開日と下書きを確かめるか、リンクを外します）',
  ]);
});

test('項目が壊れている記事でも、本文の問題まで一度に示される', async () => {
  const text = articleText({ head: { titel: '題名' }, body: '# 題名\n\n<Cta />\n' });
  expect(await check(contentFolder({ 'a.mdx': text }))).toEqual([
    expect.stringMatching(/^a.mdx:8:1: titelという項目はありません/),
    'a.mdx:11:1: 本文に「# 」の見出しがあります（記事の題名はtitleです。「## 」にします）',
  ]);
});

test('フォルダーが無ければ、確認できなかったことがわかる', async () => {
  expect(await check('/nothing/here')).toEqual([expect.stringMatching(/^unreadable フォルダーを読めません/)]);
});

test('新しい記事は検査を通る下書きとして作られ、既にある名前や使えない名前は断られる', async () => {
  const root = contentFolder({ 'a.mdx': articleText({ head: { aliases: '[old]' } }) });
  const made = newArticle(root, 'pmo-career-2026', NOW);
  expect(made).toEqual({ status: 'made', path: path.join(root, 'articles/pmo-career-2026.mdx') });
  expect(await check(root)).toEqual([]);
  const text = fs.readFileSync(path.join(root, 'articles/pmo-career-2026.mdx'), 'utf8');
  expect(text).toContain('\npublishedAt: 2026-11-22\n');
  expect(text).toContain('\ndraft: true\n');
  for (const taken of ['a', 'old', 'pmo-career-2026', 'PMO', '../a', 'a b', '日本語', '']) {
    expect([taken, newArticle(root, taken, NOW).status]).toEqual([taken, 'refused']);
  }
});
