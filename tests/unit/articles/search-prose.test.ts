import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '#lib/articles/compile.ts';
import { normalForm } from '#lib/articles/search/normal-form.ts';
import { plainProse } from '#lib/articles/search/plain-prose.ts';
import { type Prose, proseOf } from '#lib/articles/search/prose.ts';
import { splitArticle } from '#lib/articles/source.ts';
import { articleWriter } from '../../bench/corpus.ts';

describe('記事の言葉', () => {
  const compiledProse = (body: string): Prose | undefined => {
    const split = splitArticle('a.mdx', `---\ntitle: x\n---\n${body}`);
    if (split.status === 'broken') throw new Error('the head of the test is broken');
    const compiled = compile(split.value.source);
    return compiled.status === 'compiled' ? proseOf(compiled.body) : undefined;
  };
  const inForm = ({ headings, paragraphs }: Prose) =>
    [headings, paragraphs].map((lines) => lines.map((line) => normalForm(line).trim()).filter((line) => line !== ''));

  test('文の中の印は言葉をつなぎ、見出し、段落、項目、セルは言葉を分ける', () => {
    const body = `これは**とても***大事*な[話](/articles/a)\`です\`。[^1]続き。

## 見出しの**言葉**

- 一つ
  - 内側の項目

| 左 | 右 |
|---|---|
| 上 | 下 |

> 引用

<Note title="補足の題">

中身

</Note>

数は<Figure id="companies" />です。

[^1]: 注の文。
`;
    expect(compiledProse(body)).toEqual({
      headings: ['見出しの言葉'],
      paragraphs: [
        'これはとても大事な話です。続き。',
        '一つ\n',
        '内側の項目',
        '左',
        '右',
        '上',
        '下',
        '引用',
        '補足の題',
        '中身',
        '数は',
        'です。',
        '注の文。 ',
      ],
    });
  });

  test('公開している記事と生成した記事は、速い読み方でも同じ言葉になる', () => {
    const folder = path.resolve(import.meta.dirname, '../../../content/articles');
    const shipped = fs
      .globSync('**/*.mdx', { cwd: folder })
      .map((file) => fs.readFileSync(path.join(folder, file), 'utf8'));
    const write = articleWriter();
    const texts = [...shipped, ...Array.from({ length: 20 }, (_, index) => write(index, 20))];
    expect(texts.length).toBeGreaterThan(30);
    for (const text of texts) {
      const split = splitArticle('a.mdx', text);
      if (split.status === 'broken') throw new Error('a shipped article is broken');
      const body = text.slice(split.value.source.bodyStart);
      const [quick, real] = [plainProse(body), compiledProse(body)];
      if (real && quick) expect(inForm(quick)).toEqual(inForm(real));
      expect(quick).toBeDefined();
    }
  });

  test('速い読み方は、Markdownのどんな切れ端でも、正しく読むか、読まない', { timeout: 60_000 }, () => {
    const piece = fc.constantFrom(
      ...[
        'PMO',
        'の',
        '。',
        '「',
        '」',
        '**',
        '**強調**',
        '[リンク](/articles/a)',
        '[x](https://a.jp/b)',
        '[',
        '](',
        ')',
      ],
      ...[
        '# ',
        '## 見出し',
        '- ',
        '- 項目',
        '1. ',
        '1. 一つ',
        '2) ',
        '|',
        '| a | b |',
        '|---|---|',
        '\n',
        '\n\n',
        '\n\n',
      ],
      ...[
        '  ',
        '\t',
        '<Cta />',
        '<KeyPoints>',
        '</KeyPoints>',
        '<Note title="補足">',
        '</Note>',
        '<Side title="左">',
        '</Side>',
        '<Quotation source="民法" url="https://a.jp/">',
        '</Quotation>',
        '![図の中身](a.svg)',
        '<',
        '>',
        '> 引用',
        '`',
      ],
      ...[
        '<Figure id="companies" />',
        '```',
        '~',
        '~~',
        '_',
        '*',
        '\\',
        '&amp;',
        '!',
        '---',
        '===',
        'https://example.jp/x',
      ],
      ...[
        'www.example.jp',
        'a@b.jp',
        'import x',
        'export',
        '{',
        '}',
        '[^1]',
        '[^1]: 注',
        ':',
        '+ ',
        '\r\n',
        '　字下げ',
      ],
      ...['100%', '2026.5', '#', '1', '.', '"', 'x|y', ':-|-:', '\u00a0', '\u2028', '\0'],
    );
    let read = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const body = pieces.join('');
        const quick = plainProse(body);
        const real = quick && compiledProse(body);
        if (!quick || !real) return;
        read += 1;
        expect(inForm(quick), JSON.stringify(body)).toEqual(inForm(real));
      }),
      { numRuns: 5000 },
    );
    expect(read).toBeGreaterThan(500);
  });
});
