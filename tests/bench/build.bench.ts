import { rmSync } from 'node:fs';
import path from 'node:path';
import { runSite } from '../support/running-site.ts';
import { type Corpus, writeCorpus } from './corpus.ts';
import { type Figure, median } from './figure.ts';
import { expectSamePage, readModel } from './page-parts.ts';
import { preparePeer, readPeerPage, runIn } from './peers.ts';
import { tidily } from './tidily.ts';

// What an archive costs before the first reader comes: `npm run build` with 100 and 10,000 articles beside static site
// generators with 5,000, and from the start of the server to its first page with 10,000. The peers' builds hold all
// their pages afterwards; this site's holds none and draws them when they are asked for, which `reader` and `publish`
// measure.

const PROJECT = path.resolve(import.meta.dirname, '../..');
const ARTICLE = 'pmo-yametoke';
const ROUNDS = 5;

export function measure(): Promise<Figure[]> {
  return tidily(async (afterwards) => {
    const corpus = (count: number): Corpus => {
      const written = writeCorpus(count);
      afterwards(written.remove);
      return written;
    };
    const [few, half, many] = [corpus(100), corpus(5_000), corpus(10_000)];
    const site = await runSite();
    afterwards(site.remove);
    const model = await readModel(site.url, ARTICLE);
    await site.stop();
    const options = { contentDir: half.folder, model };
    const [astro, eleventy] = [preparePeer('astro', options), preparePeer('eleventy', options)];
    afterwards(astro.remove);
    afterwards(eleventy.remove);

    const seconds: Record<'few' | 'many' | 'astro' | 'eleventy' | 'start', number>[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const noting = (what: string): void => console.error(`build: ${round + 1}/${ROUNDS} ${what}`);
      noting('npm run build、100記事と10,000記事');
      const own = { few: buildSeconds(few), many: buildSeconds(many) };
      noting('Eleventy、5,000記事');
      const eleventySeconds = eleventy.build();
      noting('Astro、5,000記事');
      const astroSeconds = astro.build();
      noting('起動から最初のページまで、10,000記事');
      seconds.push({ ...own, astro: astroSeconds, eleventy: eleventySeconds, start: await startSeconds(many) });
    }
    const slug = half.slugs.at(-1) ?? '';
    const drawn = [astro, eleventy].map(({ output }) => readPeerPage(output, `articles/${slug}.html`).html);
    expectSamePage('Eleventy (Astro here)', drawn[0] ?? '', drawn[1] ?? '');

    const of = (side: keyof (typeof seconds)[number]): number => median(seconds.map((round) => round[side]));
    return [
      { id: 'build.100-articles', value: of('few'), unit: 's' },
      { id: 'build.10000-articles', value: of('many'), unit: 's' },
      { id: 'build.astro-5000-articles', value: of('astro'), unit: 's' },
      { id: 'build.eleventy-5000-articles', value: of('eleventy'), unit: 's' },
      {
        id: 'build.10000-against-100',
        value: median(seconds.map(({ few, many }) => many / few)),
        unit: 'x',
        goal: { op: '<=', number: 1.1 },
      },
      {
        id: 'build.10000-against-astro-5000',
        value: median(seconds.map(({ many, astro }) => many / astro)),
        unit: 'x',
        goal: { op: '<=', number: 0.3 },
      },
      { id: 'build.start-to-first-page', value: of('start'), unit: 's', goal: { op: '<=', number: 5 } },
    ];
  });
}

/** `npm run build` from nothing: what an earlier build kept for a faster next one is removed, as it is for the peers. */
function buildSeconds({ folder }: Corpus): number {
  rmSync(path.join(PROJECT, '.next', 'cache'), { recursive: true, force: true });
  const started = performance.now();
  runIn(PROJECT, 'npm', ['run', 'build'], { CONTENT_DIR: folder });
  return (performance.now() - started) / 1000;
}

async function startSeconds({ folder, slugs }: Corpus): Promise<number> {
  const started = performance.now();
  const site = await runSite({ CONTENT_DIR: folder });
  try {
    const answer = await fetch(`${site.url}/articles/${slugs[0]}`);
    if (answer.status !== 200) throw new Error(`the first page is ${answer.status}`);
    await answer.arrayBuffer();
    return (performance.now() - started) / 1000;
  } finally {
    await site.remove();
  }
}
