import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright';
import { ensureChromium, launchOptions } from '../support/chromium.ts';
import { runDesk, saveAndSee } from '../support/running-desk.ts';
import { writeCorpus } from './corpus.ts';
import { type Figure, median, quantile } from './figure.ts';
import { tidily } from './tidily.ts';

// How soon an editor sees what was saved: from the save to the picture in the frame of the preview, in a real browser,
// among as many articles as a large archive has.

const ARTICLES = 1_000;
const SAVES = 40;
/** After the first ones everything is compiled. */
const WARM_UP = 5;
const PAUSE_BETWEEN_SAVES_MS = 500;
const CALM_SECONDS = 20;

export function measure(): Promise<Figure[]> {
  return tidily(async (afterwards) => {
    const corpus = writeCorpus(ARTICLES);
    afterwards(corpus.remove);
    const desk = await runDesk(corpus.folder);
    afterwards(desk.remove);
    const browser = await chromium.launch(launchOptions(ensureChromium()));
    afterwards(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const [slug = ''] = corpus.slugs;
    await page.goto(`${desk.url}/preview/articles/${slug}`);
    await page.frameLocator('iframe').first().locator('h1').waitFor();
    console.error('preview: 起動のあとの仕事が終わるのを待っています');
    await pause(CALM_SECONDS * 1000);
    const milliseconds: number[] = [];
    for (let number = 1; number <= WARM_UP + SAVES; number++) {
      const took = await saveAndSee(page, corpus.folder, slug, `${number}回目の手直しで加えた文です。`);
      if (number > WARM_UP) milliseconds.push(took);
      await pause(PAUSE_BETWEEN_SAVES_MS);
    }
    return [
      { id: 'preview.save-to-seen-p50', value: median(milliseconds), unit: 'ms', goal: { op: '<=', number: 300 } },
      { id: 'preview.save-to-seen-p95', value: quantile(milliseconds, 0.95), unit: 'ms' },
    ];
  });
}
