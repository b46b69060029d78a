import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { readPlainHead } from '#lib/articles/plain-head.ts';
import { splitArticle } from '#lib/articles/source.ts';

const ARTICLES = path.resolve(import.meta.dirname, '../../../content/articles');

/** As lib/articles/source.ts reads what is not plain; undefined where the parser finds a fault. */
function asYaml(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: false, stringKeys: true, logLevel: 'silent' });
  return document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 0 });
}

test('公開している記事の項目は、どれも速い読み方で読め、YAMLとして読んだときと同じになる', () => {
  const files = readdirSync(ARTICLES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.mdx'));
  expect(files.length).toBeGreaterThan(11);
  for (const file of files) {
    const split = splitArticle(file, readFileSync(path.join(ARTICLES, file), 'utf8'));
    if (split.status === 'broken') throw new Error(file);
    const { yaml } = split.value;
    expect(readPlainHead(yaml) ?? asYaml(yaml), file).toEqual(asYaml(yaml));
  }
});

test.each([
  ['---\ntitle: 会議\ntags: [PMO, 課題 管理]\npublishedAt: 2026-11-24T09:30\ndraft: true\n', true],
  ['---\ntitle: "会議"\n', false],
  ['---\ntitle: 会議: 準備\n', false],
  ['---\ntitle: 会議 # 覚え書き\n', false],
  ['---\ntitle: 会議\n  の準備\n', false],
  ['---\ntitle: 会議\ntitle: 準備\n', false],
  ['---\ntitle: null\n', false],
  ['---\ntitle: 2026\n', false],
  ['---\ntags: [PMO,会議]\n', false],
  ['---\ntitle: 会議\r\n', false],
])('ふつうの書き方だけを速く読む: %j', (yaml, isPlain) => {
  expect(readPlainHead(yaml)).toEqual(isPlain ? asYaml(yaml) : undefined);
});

test('速く読めたものは、何が書いてあっても、YAMLとして読んだときと同じになる', () => {
  const signs = fc.constantFrom(
    ...'aZé会議カ。、「」（）09-_ .,:#[]{}\'"&*!|>%@`~?<=\t\r\n\u00a0\u3000\ufeff\u200b\u2028\u0085\0',
  );
  const word = fc.oneof(
    fc.string({ unit: signs, maxLength: 12 }),
    fc.constantFrom('true', 'True', 'false', 'null', 'Null', '~', 'yes', 'no', 'on', '.inf', '.NaN', '0x1f', '1e3'),
    fc.constantFrom(
      '2026-11-24',
      '2026-11-24T09:30',
      '2026-11-24T9:30',
      'e3',
      'PMO',
      '会議 の 準備',
      '<<',
      '---',
      '...',
    ),
  );
  const list = fc.array(word, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`);
  const key = fc.constantFrom(...'abcdefgh', 'title', 'tags', 'null', 'true', 'y', '<<', 'é', 'a b', 'a-b', '"a"');
  const line = fc.tuple(key, fc.oneof(word, list)).map(([name, value]) => `${name}: ${value}`);
  let plain = 0;
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (lines) => {
      const yaml = `---\n${lines.join('\n')}\n`;
      const read = readPlainHead(yaml);
      if (read === undefined) return;
      plain += 1;
      expect(read).toEqual(asYaml(yaml));
    }),
    { numRuns: 60_000 },
  );
  expect(plain).toBeGreaterThan(1000);
});
