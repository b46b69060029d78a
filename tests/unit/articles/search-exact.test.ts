import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openCatalog } from '#lib/articles/catalog.ts';
import { type ArticleIndex, openArticleIndex } from '#lib/articles/search/article-index.ts';
import { normalForm } from '#lib/articles/search/normal-form.ts';
import { proseOf } from '#lib/articles/search/prose.ts';
import { readQuery } from '#lib/articles/search/query.ts';
import { seeded, writeCorpus } from '../../bench/corpus.ts';

// What is found is measured against a plain scan of every line of every article, as the compiler's own tree has them.

const NOW = new Date('2027-01-10T12:00:00+09:00');
const SHIPPED = path.resolve(import.meta.dirname, '../../../content');
const EVERYTHING = 1000;

type Lines = ReadonlyMap<string, readonly string[]>;

async function openIndexOf(folder: string): Promise<{ index: ArticleIndex; lines: Lines }> {
  const articles = openCatalog(folder);
  const index = openArticleIndex();
  onTestFinished(() => index.close());
  const lines = new Map<string, string[]>();
  for (const { slug, title, tags, description } of articles.snapshot(NOW).visible) {
    const compiled = await articles.compiled(slug);
    if (compiled.status === 'broken') throw new Error(`${slug} is broken`);
    const prose = proseOf(compiled.body);
    index.put({ slug, title, tags: [...tags], description, ...prose });
    const texts = [title, ...tags, description, ...prose.headings, ...prose.paragraphs];
    lines.set(
      slug,
      texts.map((text) => normalForm(text).trim()),
    );
  }
  return { index, lines };
}

function generated(): string {
  const corpus = writeCorpus(60);
  onTestFinished(() => corpus.remove());
  return corpus.folder;
}

function found(index: ArticleIndex, words: string): string[] {
  const query = readQuery(words);
  if (query.status !== 'asked') throw new Error(`not a question: ${words}`);
  const { total, hits } = index.search(query.wanted, 0, EVERYTHING);
  expect(hits).toHaveLength(total);
  expect(index.count(query.wanted.terms)).toBe(total);
  return hits.map(({ slug }) => slug).sort();
}

function scan(lines: Lines, words: string): string[] {
  const having = [...lines].filter(([, texts]) => texts.some((text) => text.includes(words)));
  return having.map(([slug]) => slug).sort();
}

describe.each([
  { name: '公開している13本の記事', folder: () => SHIPPED, count: 13 },
  { name: '生成した60本の記事', folder: generated, count: 60 },
])('$name', ({ folder, count }) => {
  test('2文字以上のどの部分も見つかり、ほかの記事は出ない（1,000か所）', { timeout: 120_000 }, async () => {
    const { index, lines } = await openIndexOf(folder());
    expect(lines.size).toBe(count);
    while (!index.build(1000));
    const random = seeded(20270110);
    const upTo = (most: number) => Math.floor(random() * most);
    const all = [...lines.values()].flat();
    let asked = 0;
    while (asked < 1000) {
      const letters = [...(all[upTo(all.length)] ?? '')];
      const start = upTo(letters.length);
      const part = letters.slice(start, start + 2 + upTo(asked % 10 === 0 ? 60 : 9)).join('');
      // A space parts words, each of which may stand anywhere: see search.test.ts.
      if ([...part].length < 2 || part.includes(' ')) continue;
      asked += 1;
      expect(found(index, part), part).toEqual(scan(lines, part));
    }
  });

  test('どの記事にもない言葉では、何も見つからない（200個）', { timeout: 120_000 }, async () => {
    const { index, lines } = await openIndexOf(folder());
    while (!index.build(1000));
    const random = seeded(7);
    const upTo = (most: number) => Math.floor(random() * most);
    const all = [...lines.values()].flat();
    let absent = 0;
    while (absent < 200) {
      const [one, other] = [all[upTo(all.length)] ?? '', all[upTo(all.length)] ?? ''];
      const part = [...[...one].slice(-1 - upTo(4)), ...[...other].slice(0, 1 + upTo(4))].join('');
      if (part.includes(' ') || scan(lines, part).length > 0) continue;
      absent += 1;
      expect(found(index, part), part).toEqual([]);
    }
  });

  test('索引に入る前の記事も、入ったあとと同じように見つかる', { timeout: 120_000 }, async () => {
    const { index } = await openIndexOf(folder());
    const questions = ['PMO', '会議', 'の', '議事録 報告', 'を　PMO', '決まった', 'ありえない語'];
    const answers = () => questions.map((words) => found(index, words));
    const before = answers();
    expect(before.map((slugs) => slugs.length > 0)).toEqual([true, true, true, true, true, true, false]);
    // While part of the articles is in the index and the others are still read through.
    while (!index.build(0)) expect(answers()).toEqual(before);
    expect(answers()).toEqual(before);
  });
});

test('1文字でも見つかる', { timeout: 120_000 }, async () => {
  const { index, lines } = await openIndexOf(SHIPPED);
  while (!index.build(1000));
  const letters = new Set([...lines.values()].flatMap((texts) => [...texts.join('')]));
  letters.delete(' ');
  expect(letters.size).toBeGreaterThan(900);
  for (const letter of letters) expect(found(index, letter), letter).toEqual(scan(lines, letter));
});
