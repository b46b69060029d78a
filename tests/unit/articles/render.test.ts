import { createElement, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { compile } from '#lib/articles/compile.ts';
import { drawBody } from '#lib/articles/render.ts';
import { splitArticle } from '#lib/articles/source.ts';

const compileText = (body: string) => {
  const split = splitArticle('a.mdx', `---\ntitle: x\n---\n${body}`);
  if (split.status === 'broken') throw new Error('The head of the test is broken');
  return compile(split.value.source);
};

const box = (name: string) => (props: { children?: ReactNode; title?: string; id?: string }) =>
  createElement(name, { title: props.title, id: props.id }, props.children);
const parts = {
  Cta: box('x-cta'),
  KeyPoints: box('x-points'),
  Note: box('x-note'),
  Quotation: box('x-quotation'),
  Comparison: box('x-comparison'),
  Side: box('x-side'),
  Illustration: box('x-illustration'),
  Question: box('x-question'),
  Figure: box('x-figure'),
  Sources: box('x-sources'),
};

function draw(body: string) {
  const compiled = compileText(body);
  if (compiled.status === 'broken') throw new Error(JSON.stringify(compiled.faults));
  const { opening, body: rest, sources, headings } = drawBody(compiled.body, parts);
  const html = (node: ReactNode) => renderToStaticMarkup(node);
  return { opening: html(opening), body: html(rest), sources: html(sources), headings };
}

const faults = (body: string) => {
  const compiled = compileText(body);
  return compiled.status === 'broken'
    ? compiled.faults.map((fault) => `${fault.line}:${fault.column} ${fault.message}`)
    : [];
};

// Every row fails with plain CommonMark or did with an older version of the plugin.
test.each([
  ['これは**「重要」**です', 'これは<strong>「重要」</strong>です'],
  ['**強調。**次', '<strong>強調。</strong>次'],
  ['**「強調」**次', '<strong>「強調」</strong>次'],
  ['前**（注）**次', '前<strong>（注）</strong>次'],
  ['**100%**達成', '<strong>100%</strong>達成'],
  ['**PMO（支援型）**とは', '<strong>PMO（支援型）</strong>とは'],
  ['「**引用**」と**強調**', '「<strong>引用</strong>」と<strong>強調</strong>'],
  ['**「A」**と**「B」**と', '<strong>「A」</strong>と<strong>「B」</strong>と'],
  ['*「斜体」*です', '<em>「斜体」</em>です'],
  [
    '**「[リンク](https://example.jp/)」**です',
    '<strong>「<a href="https://example.jp/" rel="external">リンク</a>」</strong>です',
  ],
  ['**`コード`**です', '<strong><code>コード</code></strong>です'],
  ['**終わり！**', '<strong>終わり！</strong>'],
  ['**𠮷野家。**次', '<strong>𠮷野家。</strong>次'],
  ['**か\u3099。**次', '<strong>か\u3099。</strong>次'],
])('強調 %s', (markdown, html) => {
  expect(draw(markdown).opening).toBe(`<p>${html}</p>`);
  expect(draw(`- ${markdown}\n`).opening).not.toContain('**');
});

test('最初のh2までが導入、その後が本文、出典は別になる', () => {
  const { opening, body, sources } = draw(
    '導入です。\n\n<KeyPoints>\n\n- 要点\n\n</KeyPoints>\n\n## 章\n\n文。\n\n<Cta />\n\n<Sources>\n\n- [資料](https://example.jp/)\n\n</Sources>\n',
  );
  expect(opening).toBe('<p>導入です。</p><x-points><ul>\n<li>要点</li>\n</ul></x-points>');
  expect(body).toBe('<h2 id="章">章</h2><p>文。</p><x-cta></x-cta>');
  expect(sources).toBe(
    '<x-sources><ul>\n<li><a href="https://example.jp/" rel="external">資料</a></li>\n</ul></x-sources>',
  );
});

test('部品には文字の属性が渡り、数値は文の中に入る', () => {
  expect(draw('<Note title="補足">\n\n文。\n\n</Note>').opening).toBe('<x-note title="補足"><p>文。</p></x-note>');
  expect(draw('取引先は<Figure id="companies" />です。').opening).toBe(
    '<p>取引先は<x-figure id="companies"></x-figure>です。</p>',
  );
});

test('見出しのidは日本語のまま、言葉が同じなら同じで、重なれば番号がつく', () => {
  const { headings } = draw(
    '## 「PMOはやめとけ」と言われる4つの理由？\n\n### Sub *強調* `code`\n\n## 同じ\n\n## 同じ\n\n## ？！\n\n## main\n\n## が\n\n## か\u3099\n',
  );
  expect(headings).toEqual([
    { depth: 2, id: 'pmoはやめとけと言われる4つの理由', text: '「PMOはやめとけ」と言われる4つの理由？' },
    { depth: 3, id: 'sub-強調-code', text: 'Sub 強調 code' },
    { depth: 2, id: '同じ', text: '同じ' },
    { depth: 2, id: '同じ-1', text: '同じ' },
    { depth: 2, id: 'section', text: '？！' },
    // The page around the article has an element of this id.
    { depth: 2, id: 'main-1', text: 'main' },
    { depth: 2, id: 'が', text: 'が' },
    { depth: 2, id: 'が-1', text: 'が' },
  ]);
});

test('表の揃えはstyle属性にならず、注は日本語になる', () => {
  const { opening } = draw('| 名 | 数 |\n|---|--:|\n| あ | 1 |\n\n本文[^1]。\n\n[^1]: 注です。\n');
  expect(opening).toContain('<td align="right">1</td>');
  expect(opening).not.toContain('style=');
  expect(opening).toContain('>注</h2>');
  expect(opening).toContain('aria-label="本文の注1の位置へ戻る"');
});

test.each([
  ['https://example.jp/a', 'https://example.jp/a'],
  ['詳しくは https://example.jp/a です', 'https://example.jp/a'],
  ['www.example.jp を見る', 'http://www.example.jp'],
  ['宛先 taro@example.jp まで', 'mailto:taro@example.jp'],
])('文の中にそのまま書いた「%s」はリンクになる', (body, href) => {
  expect(draw(body).opening).toContain(`<a href="${href}"`);
});

test('サイトの中のリンクには何も足されない', () => {
  expect(draw('[記事](/articles/a#章)').opening).toBe('<p><a href="/articles/a#%E7%AB%A0">記事</a></p>');
});

test.each([
  ['料金は<10万円です', '4:4 「<」の後がタグの名前ではありません（「\\<」か全角の「＜」と書きます）'],
  ['a\n\n<!-- 注釈 -->', '6:1 <!-- -->の注釈は使えません（注釈を消します）'],
  ['<https://example.jp/>', '4:1 <住所>の形のリンクは使えません（[文字](住所)と書きます）'],
  [
    '文\n\n<KeyPoints>\n\n- 要点\n',
    '6:1 <KeyPoints>が閉じていません（</KeyPoints>を、<KeyPoints>と同じ字下げの独立した行に書きます）',
  ],
  [
    '- <KeyPoints>\n\n</KeyPoints>',
    '4:3 <KeyPoints>が閉じていません（</KeyPoints>を、<KeyPoints>と同じ字下げの独立した行に書きます）',
  ],
  ['文\n</Note>', '5:1 閉じるタグだけがあります（対になる開くタグを書くか、このタグを消します）'],
  ['文<Note title="補足', '4:2 タグが途中で終わっています（「>」または「/>」で閉じます）'],
  ['<Note title=補足>\n\n文\n\n</Note>', '4:13 属性の値が「"」で囲まれていません（名前="値"の形にします）'],
  ['これは{だけ', '4:4 「{」が閉じていません（文字として出すなら「\\{」か全角の「｛」と書きます）'],
  ['`{`と\n\n{\n\n文', '6:1 「{」が閉じていません（文字として出すなら「\\{」か全角の「｛」と書きます）'],
  ['{1 + 1}', '4:1 「{…}」の式は使えません（式を消します。文字として出すなら「\\{」か全角の「｛」と書きます）'],
  ['文{名前}文', '4:2 「{…}」の式は使えません（式を消します。文字として出すなら「\\{」か全角の「｛」と書きます）'],
  ['文{名 前}文', '4:2 「{…}」の式は使えません（式を消します。文字として出すなら「\\{」か全角の「｛」と書きます）'],
  ["import a from 'b'", '4:1 importとexportは使えません（行を消します。文章なら行の頭の語を変えます）'],
  ['export const a = 1', '4:1 importとexportは使えません（行を消します。文章なら行の頭の語を変えます）'],
  ['文\n\nimport とは', '6:1 importとexportは使えません（行を消します。文章なら行の頭の語を変えます）'],
  ['<br />', expect.stringMatching(/^4:1 <br>という部品はありません（使える部品: <Cta>、<KeyPoints>/)],
  ['文<span>字</span>', expect.stringMatching(/^4:2 <span>という部品はありません/)],
  ['<>文</>', expect.stringMatching(/^4:1 <>という部品はありません/)],
  ['<constructor />', expect.stringMatching(/^4:1 <constructor>という部品はありません/)],
  ['<Cta place="end" />', '4:1 <Cta>にplaceという属性はありません（使える属性: ありません）'],
  ['<Cta toString="end" />', '4:1 <Cta>にtoStringという属性はありません（使える属性: ありません）'],
  ['<Cta {...a} />', '4:1 <Cta>に「{…}」は使えません（属性="値"の形で書きます）'],
  ['<Note title={"補足"}>\n\n文\n\n</Note>', '4:1 <Note>のtitleは文字です（title="値"の形で書きます）'],
  ['<Note>\n\n文\n\n</Note>', '4:1 <Note>にtitleがありません（<Note title="値">と書きます）'],
  ['<Note title="補足">文</Note>', '4:1 <Note>が文の中にあります（前後に空行を置き、独立した行に書きます）'],
  ['<Figure id="companies" />', '4:1 <Figure>が文の外にあります（文の中に書きます）'],
  ['<Cta>\n\n文\n\n</Cta>', '4:1 <Cta>は中身を持てません（<Cta />と書きます）'],
  ['<Sources />', '4:1 <Sources>の中身がありません（<Sources>と</Sources>の間に書きます）'],
  [
    '> <Sources>\n>\n> - 出典\n>\n> </Sources>',
    '4:3 <Sources>がほかの部品や箇条書きの中にあります（記事の最後に、字下げなしで書きます）',
  ],
  [
    '[押す](javascript:alert(1))',
    '4:1 リンク先「javascript:alert(1)」は使えません（https://…か、このサイトの/articles/…や#見出しを書きます）',
  ],
  ['[押す](//example.jp/)', expect.stringMatching(/^4:1 リンク先「\/\/example.jp\/」は使えません/)],
  ['[記事](pmo-types)', expect.stringMatching(/^4:1 リンク先「pmo-types」は使えません/)],
  ['[押す][a]\n\n[a]: data:text/html,x', expect.stringMatching(/^6:1 リンク先「data:text\/html,x」は使えません/)],
  [
    '![流れ](../a.png)',
    '4:1 画像「../a.png」は使えません（記事と同じフォルダーに置き、a-z、0-9、-と.pngなどだけの名前で書きます）',
  ],
  ['![流れ](https://example.jp/a.png)', expect.stringMatching(/^4:1 画像「https:\/\/example.jp\/a.png」は使えません/)],
  ['![流れ](data:image/png;base64,AA)', expect.stringMatching(/^4:1 画像「data:.*は使えません/)],
  ['文の中の![流れ](a.png)です', '4:5 画像が文の中にあります（前後に空行を置き、独立した行に書きます）'],
  ['[![流れ](a.png)](/articles)', '4:2 画像が文の中にあります（前後に空行を置き、独立した行に書きます）'],
  ['![流れ](a.png "題")', '4:1 画像に「"…"」の題は使えません（<Illustration caption="…">で囲みます）'],
  ['![流れ][a]\n\n[a]: /a.png', '4:1 画像の書き方が違います（![画像の内容](photo.jpg)の形で書きます）'],
  [
    '<Quotation source="民法" url="javascript:alert(1)">\n\n文\n\n</Quotation>',
    '4:1 <Quotation>のurlはhttps://で始まる住所です（出典のページの住所を書きます）',
  ],
])('%j は「%s」と示される', (body, fault) => expect(faults(body)).toEqual([fault]));

test('文字として書いた記号はそのまま出る', () => {
  expect(draw('10 \\< 20、\\{名前\\}、`<b>{x}`、a}b、5 > 3').opening).toBe(
    '<p>10 &lt; 20、{名前}、<code>&lt;b&gt;{x}</code>、a}b、5 &gt; 3</p>',
  );
});
