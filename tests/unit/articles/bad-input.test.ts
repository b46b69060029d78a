import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkContent } from '#lib/articles/check.ts';
import { faultLine } from '#lib/articles/schema.ts';
import { openCrew } from '#lib/articles/workshop-thread.ts';
import { articleText, contentFolder } from './content-folder.ts';

const NOW = new Date('2026-11-22T12:00:00+09:00');

async function check(root: string): Promise<string[]> {
  const checked = await checkContent(root, NOW, openCrew());
  if (checked.status === 'unreadable') throw new Error(checked.fault.message);
  return checked.faults.map((fault) => faultLine(fault).replace(`${root}/articles/`, ''));
}

test('手に負えないファイルは場所と理由が示され、ほかの記事の点検は変わらない', async () => {
  const headings = Array.from({ length: 10_000 }, (_, index) => `## 見出し${index}`).join('\n\n');
  const root = contentFolder({
    'good.mdx': articleText(),
    'faulty.mdx': articleText({ body: '# 題名\n\n<Cta />\n' }),
    'big.mdx': articleText({ body: '長い文です。'.repeat(280_000) }),
    'headings.mdx': articleText({ body: `# 題名\n\n${headings}\n\n<Cta />\n` }),
    'nested.mdx': articleText({ body: `${'>'.repeat(500)} 文\n\n<Cta />\n` }),
    'stars.mdx': articleText({ body: `${'ああああ！？'.repeat(20_000)}${'**あ'.repeat(500)}\n\n# 題名\n\n<Cta />\n` }),
    'a b.mdx': articleText(),
    '記事.mdx': articleText(),
    '..a.mdx': articleText(),
    'a..b.mdx': articleText(),
  });
  const outside = path.join(path.dirname(root), 'outside.mdx');
  fs.writeFileSync(outside, articleText());
  fs.symlinkSync(outside, path.join(root, 'articles/linked.mdx'));
  fs.symlinkSync(path.dirname(root), path.join(root, 'articles/linked-folder'));
  const found = await check(root);
  const first = (file: string) => found.find((line) => line.startsWith(`${file}:`));
  expect(first('big.mdx')).toMatch(/^big\.mdx:1:1: ファイルが5,040,\d{3}バイトあります/);
  // A slow machine gives the article up, at its beginning.
  expect(first('headings.mdx')).toMatch(/^headings\.mdx:(?:10:1: 本文に「# 」|9:1: 本文を読み終えられません)/);
  expect(first('nested.mdx')).toBe('nested.mdx:10:41: 入れ子が深すぎます（引用や箇条書きの段を減らします）');
  expect(first('stars.mdx')).toMatch(/^stars\.mdx:(?:12:1: 本文に「# 」|9:1: 本文を読み終えられません)/);
  expect(first('linked.mdx')).toMatch(/^linked\.mdx:1:1: フォルダーの外を指すリンクです/);
  expect(first('linked-folder')).toMatch(/^linked-folder:1:1: /);
  for (const name of ['a b.mdx', '記事.mdx', 'a..b.mdx']) {
    expect(first(name)).toMatch(/:1:1: 記事の名前ではありません/);
  }
  expect(found.filter((line) => /^(?:good|faulty|\.\.a)\./.test(line))).toEqual([
    expect.stringMatching(/^faulty\.mdx:10:1: 本文に「# 」の見出しがあります/),
  ]);
});

test('読んでいる間に書かれているファイルがあっても、点検は終わり、ほかの記事の問題は変わらない', async () => {
  const whole = articleText({ body: `${'書いている文です。\n\n'.repeat(2000)}<Cta />\n` });
  const root = contentFolder({ 'a.mdx': whole, 'b.mdx': articleText({ body: '# 題名\n\n<Cta />\n' }) });
  const file = path.join(root, 'articles/a.mdx');
  let written = 0;
  const timer = setInterval(() => {
    written += 1;
    fs.writeFileSync(file, Buffer.from(whole).subarray(0, written % 2 === 0 ? undefined : written * 701));
  }, 1);
  onTestFinished(() => clearInterval(timer));
  for (let round = 0; round < 2; round++) {
    const found = await check(root);
    expect(found.filter((line) => line.startsWith('b.mdx:'))).toEqual([expect.stringMatching(/^b\.mdx:10:1: /)]);
    expect(found.filter((line) => !/^[ab]\.mdx:\d+:\d+: .+（.+）$/.test(line))).toEqual([]);
  }
  expect(written).toBeGreaterThan(5);
});
