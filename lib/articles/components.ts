/**
 * The components that an article may use: the one table for the check, the compiler and the editors' documentation.
 * Props are plain text in quotes; nothing in an article is ever evaluated.
 */
type ComponentRule = {
  /** `block` stands on lines of its own, `inline` inside a sentence. */
  place: 'block' | 'inline';
  props: Readonly<Record<string, { required: boolean; about: string; isAddress?: true }>>;
  /** The only components that it may hold, and the only ones that may hold it. */
  holds?: readonly string[];
  inside?: string;
  children: boolean;
  about: string;
  example: string;
};

export const COMPONENTS = {
  Cta: {
    place: 'block',
    props: {},
    children: false,
    about: '無料登録への案内。文は全記事で同じです。',
    example: '<Cta />',
  },
  KeyPoints: {
    place: 'block',
    props: {},
    children: true,
    about: '要点を囲んで示します。',
    example: '<KeyPoints>\n\n- 要点\n\n</KeyPoints>',
  },
  Note: {
    place: 'block',
    props: { title: { required: true, about: '見出し' } },
    children: true,
    about: '本筋から少し離れた補足を囲みます。',
    example: '<Note title="補足">\n\n補足の文。\n\n</Note>',
  },
  Quotation: {
    place: 'block',
    props: {
      source: { required: true, about: '引用元の名前。法律なら条まで、本なら版と年まで' },
      url: { required: false, about: '引用元の住所', isAddress: true },
    },
    children: true,
    about: '出典のある引用。原文のまま、一字も変えずに書きます。',
    example: '<Quotation source="民法 第644条" url="https://example.jp/">\n\n引用する文。\n\n</Quotation>',
  },
  Comparison: {
    place: 'block',
    props: {},
    holds: ['Side'],
    children: true,
    about: '2つか3つの選択肢を並べて比べます。項目が4つを超えるなら表にします。',
    example:
      '<Comparison>\n\n<Side title="直す前">\n\n文。\n\n</Side>\n\n<Side title="直した後">\n\n文。\n\n</Side>\n\n</Comparison>',
  },
  Side: {
    place: 'block',
    props: { title: { required: true, about: '何についての側か' } },
    inside: 'Comparison',
    children: true,
    about: '<Comparison>の1つの側。',
    example: '<Side title="直す前">\n\n文。\n\n</Side>',
  },
  Illustration: {
    place: 'block',
    props: { caption: { required: true, about: '図の下に出る説明' } },
    children: true,
    about: '説明をつけた図や写真。中に画像を1つだけ書きます。',
    example: '<Illustration caption="図の説明">\n\n![図に描いてあること](flow.svg)\n\n</Illustration>',
  },
  Question: {
    place: 'block',
    props: { title: { required: true, about: '問い' } },
    children: true,
    about: '問いと、その答え。',
    example: '<Question title="問い">\n\n答えの文。\n\n</Question>',
  },
  Figure: {
    place: 'inline',
    props: { id: { required: true, about: 'content/figures.yamlのid' } },
    children: false,
    about: '数値を、集計した日つきで示します。',
    example: '<Figure id="companies" />',
  },
  Sources: {
    place: 'block',
    props: {},
    children: true,
    about: '出典の並び。記事の最後に1つだけ置きます。',
    example: '<Sources>\n\n- [資料の名前](https://example.jp/)\n\n</Sources>',
  },
} as const satisfies Record<string, ComponentRule>;

export type ComponentName = keyof typeof COMPONENTS;

/** What holds for a component. */
export function ruleOf(name: ComponentName): ComponentRule {
  return COMPONENTS[name];
}

export function isComponentName(name: string): name is ComponentName {
  return Object.hasOwn(COMPONENTS, name);
}

/** Ids that the page around an article uses; a heading of the same words gets a number behind it. */
export const RESERVED_IDS = [
  'main',
  'contents',
  'opening',
  'sources',
  'related',
  'author',
  'footnote-label',
  'header',
  'footer',
  'search',
] as const;
