import { z } from 'zod';
import type { Picture } from './images/picture.ts';

/**
 * What an editor writes in YAML: front matter, authors, categories, figures. Keys, limits and the sentences that
 * explain a fault stand here once, each sentence with its cure in brackets. Pure: components import the types.
 */

/**
 * Something in a file that must be mended, or, as a `warning`, looked at. 1-based line and column, the column in UTF-16
 * units as editors count.
 */
export type Fault = { path: string; line: number; column: number; message: string; severity?: 'fault' | 'warning' };

/** A fault as it is read out everywhere: `path:line:col: message（cure）`; the message of a warning says that it is one. */
export function faultLine({ path, line, column, message, severity }: Fault): string {
  return `${path}:${line}:${column}: ${severity === 'warning' ? '警告: ' : ''}${message}`;
}

const HALF_WIDTH = /[ -~À-ÖØ-öø-ÿ｡-ﾟ]/g;

/** Width in full-width characters: a half-width character counts half, a combining mark nothing. */
export function widthOf(text: string): number {
  const characters = text.normalize('NFC').replace(/\p{M}/gu, '');
  const surrogates = characters.match(/[\ud800-\udbff]/g)?.length ?? 0;
  const halves = characters.match(HALF_WIDTH)?.length ?? 0;
  return characters.length - surrogates - halves / 2;
}

const INSTANT =
  /^(?<date>\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?:[T ](?<time>(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)(?<zone>Z|[+-]\d{2}:\d{2})?)?$/;

/** A date (its first moment in JST) or an instant (JST where no offset is written); undefined for 2月30日 and the like. */
export function parseInstant(text: string): Date | undefined {
  const { date, time, zone } = INSTANT.exec(text)?.groups ?? {};
  if (date === undefined || new Date(`${date}T00:00Z`).toISOString().slice(0, 10) !== date) return undefined;
  const instant = new Date(`${date}T${time ?? '00:00'}${zone ?? '+09:00'}`);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

const missing = (key: string, example: string) => (issue: { input?: unknown }) =>
  issue.input === undefined
    ? `${key}がありません（「${key}: ${example}」の行を加えます）`
    : issue.input === null || issue.input === ''
      ? `${key}が空です（「${key}: ${example}」のように書きます）`
      : `${key}の書き方が違います（「${key}: ${example}」のように書きます）`;

const text = (key: string, example: string) =>
  z
    .string({ error: missing(key, example) })
    .trim()
    .min(1, { error: missing(key, example) });

const instant = (key: string) =>
  text(key, '2026-11-22').transform((written, context) => {
    const parsed = parseInstant(written);
    if (parsed) return parsed;
    context.addIssue(`${key}「${written}」は日付として読めません（2026-11-22または2026-11-22T10:00のように書きます）`);
    return z.NEVER;
  });

const flag = (key: string) => z.boolean({ error: `${key}はtrueかfalseです（「${key}: true」のように書きます）` });

/** A name in an address: article, category, author, figure. */
export const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const slug = (key: string) =>
  text(key, 'pmo-career').regex(SLUG, `${key}に使えない文字があります（a-z、0-9と、それらをつなぐ-だけを使います）`);

/** `absent` is what is said when the whole is not there. */
function strictObject<Shape extends z.core.$ZodLooseShape>(shape: Shape, absent = NO_PAIRS) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `${issue.keys.join('、')}という項目はありません（使える項目: ${Object.keys(shape).join('、')}）`
        : issue.input === undefined
          ? absent
          : NO_PAIRS,
  });
}

const NO_PAIRS = '「項目: 値」の形になっていません（1行に1つ「項目: 値」と書きます）';

const choice = <const Choices extends readonly string[]>(key: string, choices: Choices, example: Choices[number]) =>
  z.enum(choices, {
    error: (issue) =>
      issue.input === undefined || issue.input === null
        ? missing(key, example)(issue)
        : `${key}は${choices.join('、')}のどれかです（「${key}: ${example}」のように書きます）`,
  });

/** Full-width characters. */
export const TITLE_WIDTH = 32;
export const DESCRIPTION_WIDTH = { least: 80, most: 120 };

const title = text('title', '記事の題名').superRefine((written, context) => {
  const width = widthOf(written);
  if (width > TITLE_WIDTH) {
    context.addIssue(`titleが全角${width}文字分あります（${TITLE_WIDTH}文字分以内に縮めます）`);
  }
});

const description = text('description', '記事の要約').superRefine((written, context) => {
  const width = widthOf(written);
  const { least, most } = DESCRIPTION_WIDTH;
  if (width < least) {
    context.addIssue(`descriptionが全角${width}文字分です（${least}〜${most}文字分になるまで書き足します）`);
  }
  if (width > most) {
    context.addIssue(`descriptionが全角${width}文字分あります（${least}〜${most}文字分に縮めます）`);
  }
});

/** The head of an article file (README "Article files"), strict. Dates without a time mean 0:00 JST. */
export const frontMatterSchema = strictObject({
  title: title.describe('記事の題名。全角32文字分以内（半角は半分）で、大切な言葉を前の15文字に置きます。'),
  description: description.describe(
    '検索結果や一覧に出る要約。全角80〜120文字分で、前半の50文字だけでも意味が通るように書きます。',
  ),
  publishedAt: instant('publishedAt').describe(
    '公開する日、または日時（日本時間）。未来の日時なら、その時刻に公開されます。',
  ),
  updatedAt: instant('updatedAt').optional().describe('内容を見直した日。publishedAtより前にはできません。'),
  expiresAt: instant('expiresAt').optional().describe('公開を終える日、または日時。publishedAtより後です。'),
  author: slug('author').describe('書いた人。content/authorsの中のファイルの名前（.yamlを除く）です。'),
  supervisor: slug('supervisor').optional().describe('監修した人。authorと同じように書きます。'),
  category: slug('category').describe('分類。content/categories.yamlのidです。'),
  tags: z
    .array(text('tags', '[PMO, 転職]'), { error: 'tagsは並びです（「tags: [PMO, 転職]」のように書きます）' })
    .max(8, 'tagsが多すぎます（8個以内にします）')
    .default([])
    .describe('話題を表す言葉。8個まで。'),
  image: text('image', 'cover.png')
    .regex(
      /^[a-z0-9-]+\.(?:png|jpe?g|webp|avif)$/,
      'imageは記事と同じフォルダーの画像の名前です（「image: cover.png」のように書きます）',
    )
    .optional()
    .describe('記事のいちばん上に置く写真。記事と同じフォルダーの画像の名前です。imageAltと一緒に書きます。'),
  imageAlt: text('imageAlt', '画像に写っているもの')
    .optional()
    .describe('imageの写真に写っているもの。写真が見えない人に読まれます。'),
  draft: flag('draft').default(false).describe('trueの間は下書きで、公開されません。'),
  disclosure: choice('disclosure', ['none', 'pr', 'affiliate'], 'none').describe(
    '広告の表示。広告でなければnone、自社の案内を含むならpr、紹介料を受け取るならaffiliateです。',
  ),
  aliases: z
    .array(slug('aliases'), { error: 'aliasesは並びです（「aliases: [old-slug]」のように書きます）' })
    .default([])
    .describe('以前の住所の名前。古い住所に来た人を、この記事へ案内します。'),
}).superRefine((matter, context) => {
  const { publishedAt, updatedAt, expiresAt, image, imageAlt } = matter;
  const fault = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message });
  if (updatedAt && updatedAt < publishedAt) {
    fault('updatedAt', 'updatedAtがpublishedAtより前です（更新した日を書くか、行を消します）');
  }
  if (expiresAt && expiresAt <= publishedAt) {
    fault('expiresAt', 'expiresAtがpublishedAtより後になっていません（公開を終える日時を書くか、行を消します）');
  }
  if (image && !imageAlt) fault('image', 'imageAltがありません（画像に写っているものを「imageAlt: …」で書きます）');
  if (imageAlt && !image) fault('imageAlt', 'imageがありません（画像の名前を書くか、imageAltの行を消します）');
});
export type FrontMatter = z.infer<typeof frontMatterSchema>;

/** Who signs articles. An editorial team is an organization, not an invented person. */
export const authorSchema = strictObject({
  name: text('name', '編集部'),
  kind: choice('kind', ['organization', 'person'], 'organization'),
  summary: text('summary', '記事の下に出る紹介文'),
  profile: z.array(text('profile', '紹介文の段落'), { error: missing('profile', '[紹介文の段落]') }).min(1),
});
export type Author = z.infer<typeof authorSchema> & { id: string };

export const categoriesSchema = z.array(
  strictObject({
    id: slug('id'),
    name: text('name', 'しごとを知る'),
    description: text('description', 'この分類の説明'),
  }),
  { error: '分類の並びがありません（「- id: work」の形で書きます）' },
);
export type Category = z.infer<typeof categoriesSchema>[number];

/** A number shown to readers. Without the day it was counted and who counted it, it does not pass. */
export const figuresSchema = z.array(
  strictObject({
    id: slug('id'),
    label: text('label', '取引企業数'),
    value: z.number({ error: missing('value', '5617') }).nonnegative('valueが負の数です（0以上の数を書きます）'),
    unit: text('unit', '社'),
    asOf: instant('asOf'),
    source: strictObject(
      {
        name: text('source.name', '集計した者の名前'),
        url: z
          .url({ protocol: /^https?$/, error: 'source.urlはhttps://で始まる住所です（出典のページの住所を書きます）' })
          .optional(),
      },
      'sourceがありません（「source:」の下の行に、字下げして「name: 集計した者の名前」を書きます）',
    ),
  }),
  { error: '数値の並びがありません（「- id: companies」の形で書きます）' },
);
export type Figure = z.infer<typeof figuresSchema>[number];

/** A figure as it is read: `5,617社`. */
export function figureText(figure: Figure): string {
  return `${figure.value.toLocaleString('ja-JP')}${figure.unit}`;
}

/** An article as lists, cards and pages show it; its body comes from `renderArticle` (lib/articles/render.ts). */
export type Article = {
  slug: string;
  title: string;
  description: string;
  publishedAt: Date;
  updatedAt: Date | undefined;
  expiresAt: Date | undefined;
  author: Author;
  supervisor: Author | undefined;
  category: Category;
  tags: readonly string[];
  /** The picture above the article; without its widths as long as nobody has looked at its file. */
  image: { file: string; alt: string; picture: Picture | undefined } | undefined;
  draft: boolean;
  disclosure: FrontMatter['disclosure'];
  aliases: readonly string[];
  /** Characters of the body that a reader reads, without markup and spaces. */
  characters: number;
  /** At 500 characters a minute, at least 1. */
  minutes: number;
};

/** An entry of the contents list. `id` is the fragment of its address, NFC, stable while the heading's words are. */
export type Heading = { depth: number; id: string; text: string };
