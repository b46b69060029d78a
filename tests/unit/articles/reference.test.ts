import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { COMPONENTS } from '#lib/articles/components.ts';
import { articleJsonSchema, referencePage } from '#lib/articles/reference.ts';
import { frontMatterSchema } from '#lib/articles/schema.ts';

const written = (name: string) => readFileSync(path.resolve('docs/writing', name), 'utf8');

test('項目と部品の一覧は、いまの決まりから作ったもの（違えば npm run content:reference）', () => {
  expect(written('reference.md')).toBe(referencePage());
});

test('エディター用のスキーマは、いまの決まりから作ったもの（違えば npm run content:reference）', () => {
  expect(written('article.schema.json')).toBe(articleJsonSchema());
});

test('一覧には、すべての項目と部品と属性が、説明つきで載っている', () => {
  const page = referencePage();
  for (const key of Object.keys(frontMatterSchema.shape)) {
    expect(page).toMatch(new RegExp(`^\\| \`${key}\` \\| (?:必須)? \\| [^|]+ \\| [^|]{8,} \\|$`, 'm'));
  }
  for (const [name, { about, example, props }] of Object.entries(COMPONENTS)) {
    const [, section = ''] = page.split(`### ${name}\n`);
    expect(section).toContain(about);
    expect(section).toContain(example);
    for (const prop of Object.keys(props)) expect(section).toContain(`| \`${prop}\` |`);
  }
});
