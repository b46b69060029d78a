import { z } from 'zod';
import { COMPONENTS, isComponentName, ruleOf } from './components.ts';
import { frontMatterSchema } from './schema.ts';

/**
 * What an article may say, for people and for their editors, from the same schema and table that the check reads.
 * `npm run content:reference` writes both files; a unit test fails while they are not these.
 */

const keySchema = z.object({
  description: z.string(),
  type: z.string(),
  enum: z.array(z.string()).optional(),
  default: z.unknown().optional(),
});
const objectSchema = z.object({ properties: z.record(z.string(), keySchema), required: z.array(z.string()) });

/** The JSON Schema of the front matter, for completion in editors. Widths, dates and names are the check's to judge. */
export function articleJsonSchema(): string {
  const schema = z.toJSONSchema(frontMatterSchema, { io: 'input' });
  return `${JSON.stringify({ title: '記事の先頭の項目', ...schema }, undefined, 2)}\n`;
}

/** The page of keys and components in Markdown. */
export function referencePage(): string {
  const { properties, required } = objectSchema.parse(JSON.parse(articleJsonSchema()));
  const keys = Object.entries(properties).map(([key, { description, type, enum: choices }]) => {
    const values = choices ? choices.map((choice) => `\`${choice}\``).join('、') : TYPES[type];
    return `| \`${key}\` | ${required.includes(key) ? '必須' : ''} | ${values} | ${description} |`;
  });
  return [
    '# 記事に書ける項目と部品の一覧',
    '<!-- lib/articles/schema.tsとlib/articles/components.tsから「npm run content:reference」で作ります。直接は直しません。 -->',
    '点検（`npm run content:check`）が使うものと同じ表から作った一覧です。使い方の説明は[記事の部品と画像](README.md)にあります。',
    '## 先頭の項目',
    '`---`で囲んだ部分に、1行に1つ「項目: 値」と書きます。ここにない項目は書けません。',
    ['| 項目 | | 書くもの | 役割 |', '|---|---|---|---|', ...keys].join('\n'),
    '## 部品',
    ...Object.keys(COMPONENTS).filter(isComponentName).flatMap(componentSection),
  ]
    .join('\n\n')
    .concat('\n');
}

const TYPES: Readonly<Record<string, string>> = {
  string: '文字',
  array: '並び（`[1つ目, 2つ目]`）',
  boolean: '`true`か`false`',
};

function componentSection(name: keyof typeof COMPONENTS): string[] {
  const { about, place, props, holds, inside, example } = ruleOf(name);
  const where = place === 'inline' ? '文の中に書きます。' : '前後に空行を置き、独立した行に書きます。';
  const around = inside === undefined ? '' : `\`<${inside}>\`の中にだけ書けます。`;
  const within = holds === undefined ? '' : `中に書けるのは\`<${holds.join('>`、`<')}>\`だけです。`;
  const rows = Object.entries(props).map(
    ([prop, { required, about: said }]) => `| \`${prop}\` | ${required ? '必須' : ''} | ${said} |`,
  );
  return [
    `### ${name}`,
    `${about}${where}${around}${within}`,
    ...(rows.length > 0 ? [['| 属性 | | 書くもの |', '|---|---|---|', ...rows].join('\n')] : []),
    `\`\`\`mdx\n${example}\n\`\`\``,
  ];
}
