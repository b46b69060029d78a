/**
 * The components that an article may use: the one table for the check, the compiler and the editors' documentation.
 * Props are plain text in quotes; nothing in an article is ever evaluated.
 */
type ComponentRule = {
  /** `block` stands on lines of its own, `inline` inside a sentence. */
  place: 'block' | 'inline';
  props: Readonly<Record<string, { required: boolean; about: string }>>;
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
