import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { compile } from '#lib/articles/compile.ts';
import { readArticle } from '#lib/articles/source.ts';
import { articleWriter, writeCorpus } from '../../bench/corpus.ts';

const COUNT = 25;

test('測定用の記事は、本物の記事と同じ検査を通る', () => {
  const write = articleWriter();
  for (let index = 0; index < COUNT; index++) {
    const read = readArticle(`${index}.mdx`, write(index, COUNT));
    if (read.status === 'broken') throw new Error(JSON.stringify(read.faults));
    expect(compile(read.value.source)).toMatchObject({ status: 'compiled' });
  }
});

test('測定用の記事は約8KBで、同じ文がほかの記事に出てくることは少ない', () => {
  const write = articleWriter();
  const articles = Array.from({ length: COUNT }, (_, index) => write(index, COUNT));
  const bytes = articles.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / COUNT;
  expect(bytes).toBeGreaterThan(7_000);
  expect(bytes).toBeLessThan(9_000);
  const sentences = articles.flatMap((text) => text.match(/[^。\n]{18,}。/g) ?? []);
  expect(new Set(sentences).size / sentences.length).toBeGreaterThan(0.95);
});

test('測定用の記事は、何度作っても同じで、記事の数が変わっても本文は変わらない', () => {
  const withoutLinks = (text: string): string => text.replace(/\/articles\/pmo-\d+/g, '');
  expect(articleWriter()(7, 100)).toBe(articleWriter()(7, 100));
  expect(withoutLinks(articleWriter()(7, 100))).toBe(withoutLinks(articleWriter()(7, 10_000)));
});

test('測定用のフォルダーは、著者と分類を備え、使い終わると残らない', () => {
  const { folder, slugs, remove } = writeCorpus(3);
  expect(slugs).toEqual(['pmo-00001', 'pmo-00002', 'pmo-00003']);
  expect(readdirSync(path.join(folder, 'articles'))).toEqual(slugs.map((slug) => `${slug}.mdx`));
  expect(readFileSync(path.join(folder, 'authors', 'editorial-team.yaml'), 'utf8')).toContain('編集部');
  remove();
  expect(existsSync(folder)).toBe(false);
});
