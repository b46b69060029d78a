import fs from 'node:fs';
import path from 'node:path';

// Faults as editors make them, planted in otherwise good articles. `▼` stands where the fault must be reported and is
// taken out before the file is written.

/** A planted fault: what kind it is, where it must be reported (`articles/x.mdx:1:1`), and what must be said there. */
export type Planted = { kind: string; at: string; says: string };

type Files = Record<string, string | Buffer>;

const MARK = '▼';
const DESCRIPTION = '働き方の記事の要約です。'.repeat(8);
const HEAD = {
  title: '題名',
  description: DESCRIPTION,
  publishedAt: '2026-11-01',
  author: 'editorial-team',
  category: 'work',
  disclosure: 'none',
};
const CTA = '\n\n<Cta />\n';

/** An article of these lines of front matter (an empty value leaves a line out) and this body. */
function article({ head = {}, body = '文です。' }: { head?: Record<string, string>; body?: string }): string {
  const lines = Object.entries({ ...HEAD, ...head }).flatMap(([key, value]) =>
    value === '' ? [] : [`${key}: ${value}`],
  );
  return `---\n${lines.join('\n')}\n---\n\n${body}${CTA}`;
}

// The rows: kind, what is written, what is said. Each becomes an article of its own.
const IN_HEAD: [kind: string, head: Record<string, string>, says: string][] = [
  ['YAML', { title: '▼"閉じない題名' }, '引用符や括弧が閉じていません'],
  ['YAML', { tags: '▼[PMO' }, '括弧'],
  ['YAML', { title: '▼PMO: 仕事' }, '値の中に「: 」があります'],
  ['YAML', { title: '▼@題名' }, '値の1文字目に使えない記号があります'],
  ['YAML', { tags: '[]\n▼tags: []' }, '同じ項目が2回書かれています'],
  ['知らない項目', { '▼titel': '題名' }, 'titelという項目はありません'],
  ['違う値', { draft: '▼yes' }, 'draftはtrueかfalseです'],
  ['違う値', { disclosure: '▼ad' }, 'disclosureはnone、pr、affiliateのどれかです'],
  ['違う値', { tags: '▼PMO' }, 'tagsは並びです'],
  ['違う値', { aliases: '[▼Old]' }, 'aliasesに使えない文字があります'],
  ['題名の幅', { title: `▼${'長'.repeat(33)}` }, 'titleが全角33文字分あります'],
  ['要約の幅', { description: '▼短い要約' }, 'descriptionが全角4文字分です'],
  ['要約の幅', { description: `▼${DESCRIPTION}${DESCRIPTION}` }, 'descriptionが全角192文字分あります'],
  ['日付', { publishedAt: '▼2026-02-30' }, '日付として読めません'],
  ['日付', { publishedAt: '▼2026/11/01' }, '日付として読めません'],
  ['日付', { updatedAt: '▼2026-10-01' }, 'updatedAtがpublishedAtより前です'],
  ['日付', { expiresAt: '▼2026-11-01' }, 'expiresAtがpublishedAtより後になっていません'],
  ['知らない著者', { '▼author': 'nobody' }, 'authorの「nobody」はcontent/authorsにありません'],
  ['知らない著者', { '▼supervisor': 'nobody' }, 'supervisorの「nobody」'],
  ['知らない分類', { '▼category': 'nothing' }, 'categoryの「nothing」'],
  ['画像', { image: '▼cover.png' }, 'imageAltがありません'],
  ['古い住所', { '▼aliases': '[aim]' }, 'aliasesの「aim」は記事「aim」が使っています'],
  ['古い住所', { '▼aliases': '[aim-old]' }, 'aliasesの「aim-old」は記事「aim」が使っています'],
];

const IN_BODY: [kind: string, body: string, says: string][] = [
  ['知らない部品', '▼<Point>\n\n要点。\n\n</Point>', 'Point'],
  ['知らない属性', '▼<Note title="補足" color="red">\n\n文。\n\n</Note>', '<Note>にcolorという属性はありません'],
  ['知らない属性', '▼<Note>\n\n文。\n\n</Note>', '<Note>にtitleがありません'],
  ['式', '▼<Note title={fee}>\n\n文。\n\n</Note>', '<Note>のtitleは文字です'],
  ['import', "▼import Chart from './chart.js'", 'importとexportは使えません'],
  ['import', 'はじめの文です。\n\n▼export const fee = 1', 'importとexportは使えません'],
  ['式', '報酬は▼{fee}です。', '「{…}」の式は使えません'],
  ['MDX', '報酬は▼<10万円です。', '「<」の後がタグの名前ではありません'],
  ['MDX', '▼<KeyPoints>\n\n- 要点\n', '<KeyPoints>が閉じていません'],
  ['MDX', '波括弧の▼{だけ', '「{」が閉じていません'],
  ['MDX', '文です。\n\n▼</Note>', '閉じるタグだけがあります'],
  ['MDX', '▼<!-- あとで直す -->', '<!-- -->の注釈は使えません'],
  ['MDX', '詳しくは▼<https://example.jp/>へ', '<住所>の形のリンクは使えません'],
  ['MDX', '<Note title=▼補足>\n\n文。\n\n</Note>', '属性の値が「"」で囲まれていません'],
  ['部品の置き場所', '文の中の▼<Cta />です', '<Cta>が文の中にあります'],
  ['部品の置き場所', '▼<Side title="片側">\n\n文。\n\n</Side>', '<Side>が<Comparison>の外にあります'],
  [
    '部品の置き場所',
    '<Sources>\n\n- 資料\n\n</Sources>\n\n▼<Sources>\n\n- 資料\n\n</Sources>',
    '<Sources>が2つあります',
  ],
  ['入れ子', `${'>'.repeat(40)}▼>文`, '入れ子が深すぎます'],
  ['リンク切れ', '▼[一覧](/article)', '「/article」というページはありません'],
  ['リンク切れ', '▼[分類](/categories/nothing)', '「/categories/nothing」というページはありません'],
  ['リンク切れ', '文の後の▼[記事](/articles/nothing)', '記事「nothing」はありません'],
  ['リンク切れ', '▼[資料](report.pdf)', 'リンク先「report.pdf」は使えません'],
  ['リンク切れ', '▼[押す](javascript:alert)', 'リンク先「javascript:alert」は使えません'],
  ['見出しへのリンク切れ', '▼[章](#無い章)', '見出し「#無い章」が行き先にありません'],
  ['見出しへのリンク切れ', '▼[章](/articles/aim#無い章)', '見出し「#無い章」が行き先にありません'],
  ['見えない記事へのリンク', '▼[下書き](/articles/aim-draft)', '記事「aim-draft」は公開されていません'],
  ['見えない記事へのリンク', '▼[終わった記事](/articles/aim-expired)', '記事「aim-expired」は公開されていません'],
  ['見えない記事へのリンク', '▼[これからの記事](/articles/aim-later)', '記事「aim-later」は公開されていません'],
  ['変わった住所', '▼[古い住所](/articles/aim-old)', '記事「aim-old」は「aim」に変わりました'],
  ['空のリンク', '▼[](/articles)', 'リンクの文字がありません'],
  ['続くURL', '詳しくはhttps://example.jp/▼をご覧ください', 'URLと後の文がつながっています'],
  ['画像', '▼![会議室で話し合う3人](meeting.jpg)', '画像を置けるのはフォルダーの記事です'],
  ['見出しの段', '▼### 小さな見出し', '見出しの段が飛んでいます'],
  ['見出しの段', '## 章\n\n▼#### 節', '見出しの段が飛んでいます'],
  ['見出しの段', '▼# 題名', '本文に「# 」の見出しがあります'],
  ['同じ見出し', '## 章\n\n文\n\n▼## 章', '見出し「章」は10行目にもあります'],
  ['空の見出し', '▼##', '見出しの文字がありません'],
  ['残った記号', '## ▼**章**', '見出しの中に「**」があります'],
  ['残った記号', 'これは▼** 強調**です', '「**」が文字のまま残ります'],
  ['引用', '▼> 誰かの言葉', '引用に出典がありません'],
  ['直接の数値', '企業数は▼5,617社', '数値5,617が直接書かれています'],
  ['直接の数値', '人数は▼３０００２名', '数値30,002が直接書かれています'],
  ['知らない数値', '数は▼<Figure id="nothing" />', '数値「nothing」'],
  ['見えない文字', '見えない▼\u200b文字', '見えない文字（U+200B）'],
  ['見えない文字', '空白▼\u00a0文字', '見えない文字（U+00A0）'],
  ['分かれた文字', 'ひら▼か\u3099な', '「が」が2つの文字に分かれています'],
  ['文字化け', '文字化け▼\ufffd', '文字化けの跡'],
];

const whole = (text: string) => `${MARK}${text}`;
const withImage = (image: string) => article({ body: `▼${image}` });
const DRAWING =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 100"><rect width="360" height="100" fill="#115a36"/></svg>\n';

const OF_FILES: [kind: string, files: (slug: string) => Files, says: string][] = [
  ['先頭の項目', (slug) => ({ [`${slug}.mdx`]: whole('本文だけの記事です。\n') }), '題名などの項目がありません'],
  [
    '先頭の項目',
    (slug) => ({ [`${slug}.mdx`]: whole('---\ntitle: 題名\n\n本文です。\n') }),
    '項目が「---」の行で閉じていません',
  ],
  ['項目が無い', (slug) => ({ [`${slug}.mdx`]: whole(article({ head: { title: '' } })) }), 'titleがありません'],
  ['文字コード', (slug) => ({ [`${slug}.mdx`]: Buffer.from([0x82, 0xa0, 10]) }), '文字コードがUTF-8ではありません'],
  ['大きさ', (slug) => ({ [`${slug}.mdx`]: whole(`${'長い文です。'.repeat(60_000)}\n`) }), '1MB以内に分けます'],
  [
    '案内が無い',
    (slug) => ({ [`${slug}.mdx`]: article({ body: '▼文です。' }).replace(CTA, '\n') }),
    '<Cta />がありません',
  ],
  [
    '画像が無い',
    (slug) => ({ [`${slug}/index.mdx`]: withImage('![会議室で話し合う3人](meeting.jpg)') }),
    '画像「meeting.jpg」',
  ],
  [
    '画像の説明',
    (slug) => ({ [`${slug}/index.mdx`]: withImage('![](map.svg)'), [`${slug}/map.svg`]: DRAWING }),
    '画像「map.svg」の説明がありません',
  ],
  [
    '画像の説明',
    (slug) => ({ [`${slug}/index.mdx`]: withImage('![図1](map.svg)'), [`${slug}/map.svg`]: DRAWING }),
    '画像「map.svg」の説明「図1」では内容がわかりません',
  ],
  [
    '同じ名前',
    (slug) => ({ [`${slug}.mdx`]: whole(article({})), [`${slug}/index.mdx`]: article({}) }),
    'の記事がもう1つあります',
  ],
  ['古い住所', (slug) => ({ [`${slug}.mdx`]: article({ head: { '▼aliases': `[${slug}]` } }) }), 'が使っています'],
  ['名前', (slug) => ({ [`${slug} 記事.mdx`]: whole(article({})) }), '記事の名前ではありません'],
  ['名前', (slug) => ({ [`${slug}..mdx`]: whole(article({})) }), '記事の名前ではありません'],
];

/** Articles that the planted links aim at. They have no fault. */
const AIMS = {
  'aim.mdx': article({ head: { aliases: '[aim-old]' } }),
  'aim-draft.mdx': article({ head: { draft: 'true' } }),
  'aim-expired.mdx': article({ head: { expiresAt: '2026-11-02' } }),
  'aim-later.mdx': article({ head: { publishedAt: '2099-01-01' } }),
};

/**
 * Writes all of them into the content folder `root`, which has the site's own authors, categories and figures, under
 * names that begin with `planted-` and `aim`.
 */
export function plantFaults(root: string): Planted[] {
  for (const [name, text] of Object.entries(AIMS)) fs.writeFileSync(path.join(root, 'articles', name), text);
  const rows: [string, (slug: string) => Files, string][] = [
    ...IN_HEAD.map(([kind, head, says]): (typeof OF_FILES)[number] => [
      kind,
      (slug) => ({ [`${slug}.mdx`]: article({ head: placed(head) }) }),
      says,
    ]),
    ...IN_BODY.map(([kind, body, says]): (typeof OF_FILES)[number] => [
      kind,
      (slug) => ({ [`${slug}.mdx`]: article({ body }) }),
      says,
    ]),
    ...OF_FILES,
  ];
  return rows.map(([kind, filesOf, says], index) => {
    let at = '';
    for (const [name, content] of Object.entries(filesOf(`planted-${String(index + 1).padStart(2, '0')}`))) {
      const file = path.join('articles', name);
      fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      fs.writeFileSync(path.join(root, file), typeof content === 'string' ? content.replace(MARK, '') : content);
      if (typeof content !== 'string') at = `${file}:1:1`;
      else if (content.includes(MARK)) {
        const before = content.slice(0, content.indexOf(MARK)).split('\n');
        at = `${file}:${before.length}:${(before.at(-1) ?? '').length + 1}`;
      }
    }
    return { kind, at, says };
  });
}

/** A marked key takes the place of the plain one. */
function placed(head: Record<string, string>): Record<string, string> {
  const replaced = Object.keys(head).flatMap((key) => (key.startsWith(MARK) ? [[key.slice(1), '']] : []));
  return { ...Object.fromEntries(replaced), ...head };
}
