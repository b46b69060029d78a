import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkContent } from '#lib/articles/check.ts';
import { openMemory } from '#lib/articles/check-memory.ts';
import { faultLine } from '#lib/articles/schema.ts';
import { onTheSpot, type Workshop } from '#lib/articles/workshop.ts';
import { articleText, contentFolder } from './content-folder.ts';

const NOW = new Date('2026-11-22T12:00:00+09:00');
const later = (iso: string) => new Date(`${iso}+09:00`);

/** A folder with a fault in one article and a scheduled one, what remembers it, and what counts the inspections. */
function stage() {
  const root = contentFolder({
    'a.mdx': articleText({ body: '# 題名\n\n<Cta />\n' }),
    'b.mdx': articleText({ body: '文です。\n\n<Cta />\n' }),
    'later.mdx': articleText({ head: { publishedAt: '2026-12-01' } }),
  });
  const folder = path.join(path.dirname(root), 'memory');
  const inspected: string[] = [];
  const workshop: Workshop = {
    ...onTheSpot,
    inspect(source, figures) {
      inspected.push(path.basename(source.path));
      return onTheSpot.inspect(source, figures);
    },
  };
  const check = async (now = NOW) => {
    inspected.length = 0;
    const checked = await checkContent(root, now, workshop, openMemory(root, folder));
    return checked.status === 'checked' ? checked.faults.map(faultLine) : [];
  };
  const recall = (now = NOW) => openMemory(root, folder).recall(now)?.faults.map(faultLine);
  return { root, folder, inspected, check, recall };
}

test('何も変わっていなければ、前の結果がそのまま返る', async () => {
  const { check, recall } = stage();
  expect(recall()).toBeUndefined();
  const found = await check();
  expect(found).toEqual([expect.stringContaining('a.mdx:10:1: 本文に「# 」の見出しがあります')]);
  expect(recall(later('2026-11-30T23:59:59'))).toEqual(found);
});

test('時刻が来て変わることがあれば、調べ直す', async () => {
  const { check, recall } = stage();
  await check();
  expect(recall(later('2026-12-01T00:00:00'))).toBeUndefined();
  expect(recall(later('2026-11-22T11:59:59'))).toBeUndefined();
});

test('1つの記事が変われば、その記事だけを読み直す', async () => {
  const { root, inspected, check, recall } = stage();
  await check();
  fs.writeFileSync(path.join(root, 'articles/b.mdx'), articleText({ body: '## 章\n\n## 章\n\n<Cta />\n' }));
  expect(recall()).toBeUndefined();
  expect(await check()).toEqual([
    expect.stringContaining('a.mdx:10:1: '),
    expect.stringContaining('b.mdx:12:1: 見出し「章」は10行目にもあります'),
  ]);
  expect(inspected).toEqual(['b.mdx']);
});

test('数値が変われば、すべての記事を読み直す', async () => {
  const { root, inspected, check } = stage();
  await check();
  const file = path.join(root, 'figures.yaml');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('5617', '6000'));
  await check();
  expect(inspected.sort()).toEqual(['a.mdx', 'b.mdx', 'later.mdx']);
});

test.each([
  ['途中で切れていても', '{"code":'],
  ['ほかの版のものでも', '{}'],
])('覚えは、%s、無いのと同じ', async (_, text) => {
  const { folder, check, recall } = stage();
  const found = await check();
  const [name = ''] = fs.readdirSync(folder);
  fs.writeFileSync(path.join(folder, name), text);
  expect(recall()).toBeUndefined();
  expect(await check()).toEqual(found);
});

test('長く見直していない記事と数値は、問題ではなく警告になる', async () => {
  const root = contentFolder({
    'a.mdx': articleText({ head: { publishedAt: '2026-01-01' } }),
    'b.mdx': articleText({ head: { publishedAt: '2026-01-01', updatedAt: '2026-06-01' } }),
    'c.mdx': articleText({ head: { publishedAt: '2026-01-01', draft: 'true' } }),
  });
  const checkAt = async (iso: string) => {
    const checked = await checkContent(root, later(iso), onTheSpot);
    return checked.status === 'checked' ? checked.faults.map((each) => faultLine(each).replace(`${root}/`, '')) : [];
  };
  expect(await checkAt('2027-12-31T23:59:59')).toEqual([]);
  expect(await checkAt('2028-06-01T00:00:00')).toEqual([
    'articles/a.mdx:4:1: 警告: 公開から24か月を過ぎています（内容を見直し、見直した日を「updatedAt: 日付」で書きます）',
    'articles/b.mdx:8:1: 警告: 更新から24か月を過ぎています（内容を見直し、見直した日を「updatedAt: 日付」で書きます）',
    'figures.yaml:5:9: 警告: 数値「companies」は集計から36か月を過ぎ、表示されていません（集計し直した値と日付を書きます）',
  ]);
});
