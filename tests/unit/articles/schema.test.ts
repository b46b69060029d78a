import { expect, test } from 'vitest';
import {
  authorSchema,
  categoriesSchema,
  figuresSchema,
  figureText,
  parseInstant,
  widthOf,
} from '#lib/articles/schema.ts';
import { readArticle, readYaml } from '#lib/articles/source.ts';
import { articleText } from './content-folder.ts';

const faultsOf = (text: string) => {
  const read = readArticle('a.mdx', text);
  return read.status === 'broken' ? read.faults.map(({ line, column, message }) => `${line}:${column} ${message}`) : [];
};
const head = (lines: Record<string, string>) => faultsOf(articleText({ head: lines }));

test('書き方の正しい記事には問題がない', () => {
  expect(faultsOf(articleText())).toEqual([]);
  expect(faultsOf(articleText().replaceAll('\n', '\r\n'))).toEqual([]);
});

test.each([
  ['PMOの記事', 3.5 + 1],
  ['ﾌﾘｰﾗﾝｽ', 3],
  ['か\u3099', 1],
  ['あ\u3099', 1],
  ['𠮷野家', 3],
  ['—…「」', 4],
  ['café', 2],
])('「%s」の幅は全角%s文字分', (text, width) => expect(widthOf(text)).toBe(width));

test.each([
  ['2026-11-22', '2026-11-21T15:00:00.000Z'],
  ['2026-11-22T10:00', '2026-11-22T01:00:00.000Z'],
  ['2026-11-22 10:00:30', '2026-11-22T01:00:30.000Z'],
  ['2026-11-22T10:00:00+09:00', '2026-11-22T01:00:00.000Z'],
  ['2026-11-22T10:00:00Z', '2026-11-22T10:00:00.000Z'],
  ['2028-02-29', '2028-02-28T15:00:00.000Z'],
])('%sは%sを指す', (text, expected) => expect(parseInstant(text)?.toISOString()).toBe(expected));

test.each([
  '2026-02-30',
  '2027-02-29',
  '2026-13-01',
  '2026-11-22T24:00',
  '2026/11/22',
  '11月22日',
  '2026-11-22T10:00+9',
  '',
])('「%s」は日付として読まれない', (text) => expect(parseInstant(text)).toBeUndefined());

test.each([
  [{ title: 'あ'.repeat(33) }, '2:8 titleが全角33文字分あります（32文字分以内に縮めます）'],
  [{ title: '""' }, '2:8 titleが空です（「title: 記事の題名」のように書きます）'],
  [{ title: '' }, '2:8 titleが空です（「title: 記事の題名」のように書きます）'],
  [{ title: '12' }, '2:8 titleの書き方が違います（「title: 記事の題名」のように書きます）'],
  [{ description: '短い要約' }, '3:14 descriptionが全角4文字分です（80〜120文字分になるまで書き足します）'],
  [{ description: 'あ'.repeat(121) }, '3:14 descriptionが全角121文字分あります（80〜120文字分に縮めます）'],
  [
    { publishedAt: '2026-02-30' },
    '4:14 publishedAt「2026-02-30」は日付として読めません（2026-11-22または2026-11-22T10:00のように書きます）',
  ],
  [{ updatedAt: '2026-10-31' }, '8:12 updatedAtがpublishedAtより前です（更新した日を書くか、行を消します）'],
  [
    { expiresAt: '2026-11-01' },
    '8:12 expiresAtがpublishedAtより後になっていません（公開を終える日時を書くか、行を消します）',
  ],
  [{ author: 'Editorial Team' }, '5:9 authorに使えない文字があります（a-z、0-9と、それらをつなぐ-だけを使います）'],
  [{ tags: 'PMO' }, '8:7 tagsは並びです（「tags: [PMO, 転職]」のように書きます）'],
  [{ draft: 'はい' }, '8:8 draftはtrueかfalseです（「draft: true」のように書きます）'],
  [{ disclosure: 'ad' }, '7:13 disclosureはnone、pr、affiliateのどれかです（「disclosure: none」のように書きます）'],
  [{ aliases: '[OLD]' }, '8:11 aliasesに使えない文字があります（a-z、0-9と、それらをつなぐ-だけを使います）'],
  [{ image: 'a.png' }, '8:8 imageAltがありません（画像に写っているものを「imageAlt: …」で書きます）'],
  [{ imageAlt: '図' }, '8:11 imageがありません（画像の名前を書くか、imageAltの行を消します）'],
  [
    { image: '../a.png', imageAlt: '図' },
    '8:8 imageは記事と同じフォルダーの画像の名前です（「image: cover.png」のように書きます）',
  ],
  [{ tag: '[PMO]' }, expect.stringMatching(/^8:1 tagという項目はありません（使える項目: title、/)],
  [{ __proto__x: '1' }, expect.stringMatching(/^8:1 __proto__xという項目はありません/)],
])('項目%jは「%s」と示される', (lines, fault) => expect(head(lines)).toEqual([fault]));

test('足りない項目は、書き足す行とともに示される', () => {
  const without = (key: string) => faultsOf(articleText().replace(new RegExp(`^${key}: .*\n`, 'm'), ''));
  expect(without('category')).toEqual(['1:1 categoryがありません（「category: pmo-career」の行を加えます）']);
  expect(without('disclosure')).toEqual(['1:1 disclosureがありません（「disclosure: none」の行を加えます）']);
});

test('複数の間違いは一度に示される', () => {
  expect(head({ title: '""', category: 'Work', titel: 'x' })).toHaveLength(3);
});

test.each([
  ['title: A: B', '2:8 値の中に「: 」があります（値の全体を「"」で囲みます）'],
  ['title: "題名\nauthor: team', '2:8 引用符や括弧が閉じていません（対になる記号を書き足します）'],
  ['title: 題名\ntitle: 題名', '3:1 同じ項目が2回書かれています（どちらかの行を消します）'],
  ['title:題名\nauthor: team', '2:1 「項目: 値」の形になっていません（コロンの後に半角の空白を1つ入れます）'],
  ['\ttitle: 題名', '2:1 行の頭にタブがあります（半角の空白に置き換えます）'],
  ['title: `題名`', '2:8 値の1文字目に使えない記号があります（値の全体を「"」で囲みます）'],
  ['tags: [PMO\nauthor: team', '2:7 字下げか括弧の閉じ方が違います（行の頭の空白をそろえ、「[」には「]」を書きます）'],
  ['a: &x 1\nb: *x', '1:1 別名（&や*）は使えません（「項目: 値」だけで書きます）'],
  ['題名', '1:1 「項目: 値」の形になっていません（1行に1つ「項目: 値」と書きます）'],
])('YAMLの書き間違い%jは場所と直し方が示される', (yaml, fault) => {
  expect(faultsOf(`---\n${yaml}\n---\n`)[0]).toBe(fault);
});

test.each([
  ['', '1:1 題名などの項目がありません（1行目を「---」にし、項目を書き、「---」の行で閉じます）'],
  ['title: 題名\n', '1:1 題名などの項目がありません（1行目を「---」にし、項目を書き、「---」の行で閉じます）'],
  ['---\ntitle: 題名\n本文', '1:1 項目が「---」の行で閉じていません（本文の前に「---」だけの行を加えます）'],
])('項目の囲みがない%jは直し方が示される', (text, fault) => expect(faultsOf(text)).toEqual([fault]));

test('深い入れ子や巨大な項目でも、問題として示されるだけで終わる', () => {
  expect(faultsOf(`---\na: ${'['.repeat(8000)}\n---\n`)).toHaveLength(1);
  expect(faultsOf(`---\ntitle: ${'あ'.repeat(500_000)}\n---\n`)).toHaveLength(1);
});

const figure = 'id: a\n  label: 企業数\n  value: 5617\n  unit: 社\n';
const figureFaults = (yaml: string) => {
  const read = readYaml('figures.yaml', yaml, figuresSchema);
  return read.status === 'broken' ? read.faults.map(({ line, column, message }) => `${line}:${column} ${message}`) : [];
};

test('集計した日か出典のない数値は使えない', () => {
  expect(figureFaults(`- ${figure}  asOf: 2025-04-30\n  source:\n    name: 運営者集計\n`)).toEqual([]);
  expect(figureFaults(`- ${figure}  source:\n    name: 運営者集計\n`)).toEqual([
    '1:3 asOfがありません（「asOf: 2026-11-22」の行を加えます）',
  ]);
  expect(figureFaults(`- ${figure}  asOf: 2025-04-30\n`)).toEqual([
    '1:3 sourceがありません（「source:」の下の行に、字下げして「name: 集計した者の名前」を書きます）',
  ]);
  expect(figureFaults(`- ${figure}  asOf: 2025-04-30\n  source: {}\n`)).toEqual([
    '6:11 source.nameがありません（「source.name: 集計した者の名前」の行を加えます）',
  ]);
});

test('数値は桁区切りと単位をつけて読まれる', () => {
  const read = readYaml('f', `- ${figure}  asOf: 2025-04-30\n  source:\n    name: 運営者集計\n`, figuresSchema);
  expect(read.status === 'read' && read.value.map(figureText)).toEqual(['5,617社']);
});

test('著者と分類も、余計な項目と足りない項目を断る', () => {
  const author = readYaml('a.yaml', 'name: 編集部\nkind: team\nage: 3\n', authorSchema);
  expect(author.status === 'broken' && author.faults.map(({ line }) => line)).toEqual([2, 1, 1, 3]);
  expect(readYaml('c.yaml', '- id: work\n', categoriesSchema).status).toBe('broken');
  expect(readYaml('c.yaml', '', categoriesSchema).status).toBe('broken');
});
