import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { checkContent } from '#lib/articles/check.ts';
import { compile } from '#lib/articles/compile.ts';
import { countCharacters, splitArticle } from '#lib/articles/source.ts';
import { openWorkshop } from '#lib/articles/workshop-thread.ts';
import { articleText, contentFolder } from './content-folder.ts';

const sourceOf = (body: string) => {
  const split = splitArticle('a.mdx', articleText({ body }));
  if (split.status === 'broken') throw new Error('The head of the test is broken');
  return split.value.source;
};

function workshop(limitMs?: number) {
  const opened = openWorkshop(limitMs === undefined ? {} : { limitMs });
  onTestFinished(() => opened.close());
  return opened;
}

test('別のスレッドでも同じ本文になる', async () => {
  const source = sourceOf('導入。\n\n## 章\n\n**「強調」**です。\n\n<Cta />\n');
  expect(await workshop().compile(source)).toEqual(compile(source));
});

// Quadratic or worse in the Markdown parser; the first alone would take minutes.
test.each([
  ['強調記号の連続', `${'*'.repeat(100_000)}あ${'*'.repeat(100_000)}`],
  ['閉じない角括弧', '['.repeat(300_000)],
  ['長さの違う逆引用符', Array.from({ length: 1200 }, (_, index) => '`'.repeat(index + 1)).join('あ')],
])(
  '%sで読み終わらない本文は、場所を示して打ち切られ、次の記事は読める',
  async (_, bomb) => {
    const thread = workshop(1000);
    const source = sourceOf(`始まり\n\n${bomb}`);
    expect(await thread.compile(source)).toEqual({
      status: 'broken',
      faults: [
        {
          path: 'a.mdx',
          line: 9,
          column: 1,
          message: '本文を読み終えられません（記号の並びと入れ子を減らすか、記事を分けます）',
        },
      ],
    });
    expect(await thread.compile(sourceOf('文。\n'))).toMatchObject({ status: 'compiled' });
  },
  20_000,
);

test.each([
  ['引用', '>'.repeat(500), 10, 41],
  ['箇条書き', Array.from({ length: 120 }, (_, depth) => `${'  '.repeat(depth)}- 項目`).join('\n'), 29, 41],
  ['部品', `${'<KeyPoints>\n'.repeat(500)}文\n${'</KeyPoints>\n'.repeat(500)}`, 50, 1],
])('深く入れ子になった%sは、深すぎる場所が示される', async (_, body, line, column) => {
  expect(await workshop().compile(sourceOf(body))).toEqual({
    status: 'broken',
    faults: [{ path: 'a.mdx', line, column, message: '入れ子が深すぎます（引用や箇条書きの段を減らします）' }],
  });
});

test('文法の解析がスタックを使い切る入れ子でも、問題として示されるだけで終わる', async () => {
  // The thread of the workshop with an eighth of its stack: what 16,000 levels would do there, without the minutes.
  const thread = new Worker(new URL('../../../lib/articles/workshop-worker.ts', import.meta.url), {
    resourceLimits: { stackSizeMb: 0.5 },
  });
  onTestFinished(async () => void (await thread.terminate()));
  await once(thread, 'message');
  const source = sourceOf(`${'<KeyPoints>\n'.repeat(2000)}文\n${'</KeyPoints>\n'.repeat(2000)}`);
  thread.postMessage({ kind: 'look', source });
  const fault = { path: 'a.mdx', line: 9, column: 1, message: '入れ子が深すぎます（引用や箇条書きの段を減らします）' };
  expect(await once(thread, 'message')).toEqual([{ faults: [fault], images: [] }]);
}, 30_000);

test('1万の見出しがある記事も読める', async () => {
  const body = Array.from({ length: 10_000 }, (_, index) => `## 見出し${index}\n\n本文。`).join('\n\n');
  const compiled = await workshop(60_000).compile(sourceOf(body));
  expect(compiled.status === 'compiled' && compiled.body.headings.at(-1)).toEqual({
    depth: 2,
    id: '見出し9999',
    text: '見出し9999',
  });
}, 60_000);

test.each([
  ['空白', ' '.repeat(900_000)],
  ['改行', '\n'.repeat(900_000)],
  ['縦棒', `${'|'.repeat(900_000)}x`],
  ['不等号', '<a'.repeat(450_000)],
  ['リンクの始まり', ']('.repeat(450_000)],
])('%sだけの1MBでも、文字数はすぐに数え終わる', (_, body) => {
  const source = sourceOf(body);
  const startedAt = performance.now();
  countCharacters(source);
  expect(performance.now() - startedAt).toBeLessThan(1000);
});

test('検査は、正規表現を悩ませる文章でも終わり、ほかの記事の問題も示す', async () => {
  const root = contentFolder({
    'a.mdx': articleText({ body: `${'ああああ！？'.repeat(20_000)}${'か\u3099'.repeat(5000)}\n\n<Cta />\n` }),
    'b.mdx': articleText({ body: '文です。\n' }),
  });
  const checked = await checkContent(root, new Date('2026-11-22T12:00:00+09:00'));
  const lines = checked.status === 'checked' ? checked.faults.map(({ path }) => path) : [];
  expect(lines.filter((path) => path.endsWith('a.mdx'))).toHaveLength(5000);
  expect(lines.filter((path) => path.endsWith('b.mdx'))).toHaveLength(1);
});
