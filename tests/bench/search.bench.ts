import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openCatalog } from '#lib/articles/catalog.ts';
import type { Article } from '#lib/articles/schema.ts';
import { readQuery } from '#lib/articles/search/query.ts';
import { openSearcher, type Searcher } from '#lib/articles/search.ts';
import { runSite } from '../support/running-site.ts';
import { seeded, writeCorpus } from './corpus.ts';
import { type Figure, quantile } from './figure.ts';
import { tidily } from './tidily.ts';

// What a search in a large archive costs: the question itself, the page around it, the index behind it. Every question
// is asked once, so nothing is answered from a cache.

const ARTICLES = 10_000;
const QUESTIONS = 1000;
const PAGES = 200;
const MEGABYTE = 2 ** 20;

export function measure(): Promise<Figure[]> {
  return tidily(async (afterwards) => {
    const corpus = writeCorpus(ARTICLES);
    afterwards(corpus.remove);
    const articles = openCatalog(corpus.folder);
    const { visible } = articles.snapshot(new Date());
    const rest = process.memoryUsage().rss;

    console.error(`search: ${ARTICLES}本の索引を作っています`);
    const searcher = openSearcher(articles);
    afterwards(() => searcher.close());
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const opened = performance.now();
    const first = await millisecondsFor(searcher, '議事録');
    await searcher.prepare();
    const built = performance.now() - opened;
    delay.disable();
    const memory = process.memoryUsage().rss - rest;

    const questions = mixOf(visible, QUESTIONS);
    const milliseconds: number[] = [];
    for (const words of questions) milliseconds.push(await millisecondsFor(searcher, words));
    const common: number[] = [];
    for (const words of COMMON) common.push(await millisecondsFor(searcher, words));
    const updated = await millisecondsToFindAChange(corpus.folder, articles, searcher);

    const site = await runSite({ CONTENT_DIR: corpus.folder });
    afterwards(site.remove);
    while (!site.output().includes('search.ready')) await new Promise((wake) => setTimeout(wake, 200));
    const pages: number[] = [];
    for (const words of mixOf(visible, PAGES)) {
      const asked = performance.now();
      await (await fetch(`${site.url}/search?${new URLSearchParams({ q: words })}`)).text();
      pages.push(performance.now() - asked);
    }
    return [
      { id: 'search.p50', value: quantile(milliseconds, 0.5), unit: 'ms' },
      { id: 'search.p95', value: quantile(milliseconds, 0.95), unit: 'ms', goal: { op: '<=', number: 20 } },
      { id: 'search.p99', value: quantile(milliseconds, 0.99), unit: 'ms' },
      { id: 'search.slowest', value: Math.max(...milliseconds), unit: 'ms' },
      { id: 'search.common-words-p95', value: quantile(common, 0.95), unit: 'ms' },
      { id: 'search.page-p95', value: quantile(pages, 0.95), unit: 'ms' },
      { id: 'search.first-after-start', value: first / 1000, unit: 's' },
      { id: 'search.index-build', value: built / 1000, unit: 's' },
      { id: 'search.loop-delay-p99', value: delay.percentile(99) / 1e6, unit: 'ms', goal: { op: '<=', number: 20 } },
      { id: 'search.loop-delay-most', value: delay.max / 1e6, unit: 'ms' },
      { id: 'search.change-to-found', value: updated, unit: 'ms' },
      { id: 'search.memory', value: memory / MEGABYTE, unit: 'MB' },
    ];
  });
}

/** Words that most articles of this archive have: the most work there is. */
const COMMON = ['PMO', 'です', 'ます', '会議', '報告', 'の', '、', 'pmo 会議', '議事録 報告 契約', 'フリーランス'];

/** What people search for: words of titles, alone and by twos, a piece copied from a text, and what is not there. */
function mixOf(articles: readonly Article[], count: number): string[] {
  const random = seeded(count);
  const oneOf = <T>(from: readonly T[]): T => {
    const chosen = from[Math.floor(random() * from.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  };
  const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });
  const word = (): string => {
    for (;;) {
      const { segment } = oneOf([...segmenter.segment(oneOf(articles).title)]);
      if (segment.length >= 2) return segment;
    }
  };
  const piece = (): string => {
    const { description } = oneOf(articles);
    const start = Math.floor(random() * (description.length - 12));
    return description.slice(start, start + 2 + Math.floor(random() * 10));
  };
  const kinds = [
    word,
    word,
    word,
    () => `${word()} ${word()}`,
    () => `${word()}　${word()}`,
    piece,
    () => `${word()}鯨`,
  ];
  return Array.from({ length: count }, () => oneOf(kinds)());
}

async function millisecondsFor(searcher: Searcher, words: string): Promise<number> {
  const query = readQuery(words);
  if (query.status !== 'asked') throw new Error(`not a question: ${words}`);
  const asked = performance.now();
  await searcher.search(query, 1);
  return performance.now() - asked;
}

async function millisecondsToFindAChange(
  folder: string,
  articles: ReturnType<typeof openCatalog>,
  searcher: Searcher,
): Promise<number> {
  const file = 'articles/pmo-00001.mdx';
  const words = '測定のための合言葉';
  const text = readFileSync(path.join(folder, file), 'utf8');
  writeFileSync(path.join(folder, file), `${text}\n${words}です。\n`);
  await articles.refresh([file]);
  const query = readQuery(words);
  if (query.status !== 'asked') throw new Error('not a question');
  const asked = performance.now();
  const result = await searcher.search(query, 1);
  if (result.status !== 'found' || result.total !== 1) throw new Error('the change was not found');
  return performance.now() - asked;
}
