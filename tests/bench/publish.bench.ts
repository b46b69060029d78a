import { setTimeout as pause } from 'node:timers/promises';
import { runSite } from '../support/running-site.ts';
import { type Corpus, seeded, writeCorpus } from './corpus.ts';
import { type Figure, median, quantile } from './figure.ts';
import { retitleAndWait, save, saveAndWait } from './publish/editor.ts';
import { type Load, type Sample, startLoad } from './publish/load.ts';
import { tidily } from './tidily.ts';

// How fast a save reaches readers of a large archive while others read, and what it costs those others.

const ARTICLES = 10_000;
const READS_PER_SECOND = 200;
const SAVES = 200;
const PAUSE_BETWEEN_SAVES_MS = 100;
const ROUNDS = 5;
const ROUND_SECONDS = 10;
/** How many ask at the same time while the pages are warmed. */
const WARMERS = 3;
const CALM_MS = 100;
const CALM_WITHIN_SECONDS = 120;

export function measure(): Promise<Figure[]> {
  return tidily(async (afterwards) => {
    const corpus = writeCorpus(ARTICLES);
    afterwards(corpus.remove);
    const site = await runSite({ CONTENT_DIR: corpus.folder });
    afterwards(site.remove);
    const random = seeded(42);
    // After an hour under this load every page was read: the rarest seven times. A save makes its own pages cold again.
    console.error(`publish: ${ARTICLES}記事を1度ずつ読んでいます`);
    const unread = corpus.slugs.values();
    const warm = async () => {
      for (const slug of unread) await (await fetch(`${site.url}/articles/${slug}`)).arrayBuffer();
    };
    await Promise.all(Array.from({ length: WARMERS }, warm));
    const load = startLoad(site.url, READS_PER_SECOND, readerOf(corpus, random));
    afterwards(load.stop);
    await becomeCalm(load);

    const milliseconds: number[] = [];
    for (let number = 1; number <= SAVES; number++) {
      if (number % 50 === 0) console.error(`publish: 保存 ${number}/${SAVES}`);
      milliseconds.push(await saveAndWait(site.url, corpus, anyOf(corpus, random), number));
      await pause(PAUSE_BETWEEN_SAVES_MS);
    }
    const everywhere: number[] = [];
    for (let number = 1; number <= ROUNDS; number++) {
      console.error(`publish: 題名の変更 ${number}/${ROUNDS}`);
      everywhere.push(await retitleAndWait(site.url, corpus, number));
    }
    const duringSaves = load.take();

    const rounds: { calm: Sample[]; publishing: Sample[] }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      console.error(`publish: 読む人の待ち時間 ${round + 1}/${ROUNDS}`);
      await pause(ROUND_SECONDS * 1000);
      const calm = load.take();
      for (let second = 0; second < ROUND_SECONDS; second++) {
        save(corpus, anyOf(corpus, random), `${round}の${second}番目に加えた文です。`);
        await pause(1000);
      }
      rounds.push({ calm, publishing: load.take() });
    }
    return [
      { id: 'publish.save-to-served-p50', value: median(milliseconds), unit: 'ms', goal: { op: '<=', number: 100 } },
      {
        id: 'publish.save-to-served-p99',
        value: quantile(milliseconds, 0.99),
        unit: 'ms',
        goal: { op: '<=', number: 500 },
      },
      { id: 'publish.retitled-everywhere', value: median(everywhere), unit: 'ms' },
      {
        id: 'publish.failed-answers',
        value: duringSaves.filter(({ status }) => status === 0 || status > 499).length,
        unit: 'answers',
        goal: { op: '<=', number: 0 },
      },
      { id: 'publish.answers', value: duringSaves.length, unit: 'answers' },
      { id: 'publish.p99-calm', value: median(rounds.map(({ calm }) => p99(calm))), unit: 'ms' },
      { id: 'publish.p99-publishing', value: median(rounds.map(({ publishing }) => p99(publishing))), unit: 'ms' },
      {
        id: 'publish.p99-against-calm',
        value: median(rounds.map(({ calm, publishing }) => p99(publishing) / p99(calm))),
        unit: 'x',
        goal: { op: '<=', number: 2 },
      },
    ];
  });
}

/** Waits until a second passes in which 99 of 100 readers wait less than `CALM_MS`: what start and warming left is done. */
async function becomeCalm(load: Load): Promise<void> {
  console.error(`publish: 毎秒${READS_PER_SECOND}回読みながら落ち着くのを待っています`);
  for (let second = 0; second < CALM_WITHIN_SECONDS; second++) {
    await pause(1000);
    const samples = load.take();
    if (samples.length >= READS_PER_SECOND * 0.9 && p99(samples) < CALM_MS) return;
  }
  console.error(`publish: ${CALM_WITHIN_SECONDS}秒待っても落ち着きません。機械が混んでいると、数値は悪くなります`);
}

function p99(samples: readonly Sample[]): number {
  return quantile(
    samples.map(({ milliseconds }) => milliseconds),
    0.99,
  );
}

function anyOf({ slugs }: Corpus, random: () => number): string {
  return slugs[Math.floor(random() * slugs.length)] ?? '';
}

/**
 * Addresses as readers and crawlers ask for them: nine of ten are articles, a few of them much more popular than
 * others (Zipf's law, as in logs of the web: Breslau et al. 1999), the rest lists, now and then feed and sitemap.
 */
function readerOf({ slugs }: Corpus, random: () => number): () => string {
  const lists = [
    '/',
    '/',
    '/articles',
    '/categories/work',
    '/categories/career',
    '/authors/editorial-team',
    '/feed.xml',
  ];
  return () => {
    const drawn = random();
    if (drawn < 0.001) return '/sitemap.xml';
    if (drawn < 0.1) return lists[Math.floor(random() * lists.length)] ?? '/';
    const rank = Math.floor(slugs.length ** random());
    return `/articles/${slugs[rank - 1] ?? ''}`;
  };
}
