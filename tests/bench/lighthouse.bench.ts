import lighthouse from 'lighthouse';
import { chromium } from 'playwright';
import { z } from 'zod';
import { CHROMIUM_FLAGS, ensureChromium } from '../support/chromium.ts';
import { freePort, runSite } from '../support/running-site.ts';
import { type Figure, median } from './figure.ts';
import { tidily } from './tidily.ts';

// Lighthouse as a phone sees the pages (its own defaults: a slow phone on a slow network, simulated): the score of
// each category, the median of five runs.

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
type Category = (typeof CATEGORIES)[number];

const RUNS = 5;
const PAGES = [
  { name: 'home', path: '/' },
  { name: 'list', path: '/articles' },
  { name: 'article', path: '/articles/pmo-yametoke' },
  { name: 'author', path: '/authors/editorial-team' },
  { name: 'search', path: '/search' },
  { name: 'form', path: '/register' },
] as const;

/** What is asked of a page; the form loads its client runtime and is kept out of search engines. */
function goalOf(page: (typeof PAGES)[number]['name'], category: Category): number {
  return page === 'form' && category === 'performance' ? 95 : 100;
}

const report = z.object({
  runtimeError: z.object({ message: z.string() }).optional(),
  categories: z.record(z.enum(CATEGORIES), z.object({ score: z.number().nullable() })),
  audits: z.record(z.string(), z.object({ errorMessage: z.string().optional() })),
});
/** How often a page is looked at again after Lighthouse could not judge it: it loses a trace now and then. */
const TRIES = 3;

export function measure(): Promise<Figure[]> {
  return tidily(async (afterwards) => {
    const executablePath = ensureChromium();
    const site = await runSite();
    afterwards(site.remove);
    const figures: Figure[] = [];
    for (const { name, path } of PAGES) {
      console.error(`lighthouse: ${name}`);
      // The first reader of a page waits for its rendering; the score is about those who come later.
      await fetch(site.url + path);
      const runs: Record<Category, number>[] = [];
      for (let run = 0; run < RUNS; run++) runs.push(await judge(site.url + path, executablePath));
      for (const category of CATEGORIES) {
        figures.push({
          id: `lighthouse.${name}-${category}`,
          value: median(runs.map((run) => run[category])),
          unit: 'points',
          goal: { op: '>=', number: goalOf(name, category) },
        });
      }
    }
    return figures;
  });
}

/** Scores from 0 to 100. @throws when Lighthouse could not judge the page in all its tries, with the audits that failed. */
async function judge(url: string, executablePath: string): Promise<Record<Category, number>> {
  for (let left = TRIES; ; left -= 1) {
    const outcome = await scores(url, executablePath);
    if (!Array.isArray(outcome)) return outcome;
    const failed = `${url}: Lighthouse gave no score: ${outcome.join('; ')}`;
    if (left === 1) throw new Error(failed);
    console.error(`lighthouse: ${failed}`);
  }
}

/** Scores from a browser of its own, or the audits that failed. */
async function scores(url: string, executablePath: string): Promise<Record<Category, number> | string[]> {
  const port = await freePort();
  const browser = await chromium.launch({
    executablePath,
    args: [...CHROMIUM_FLAGS, `--remote-debugging-port=${port}`],
  });
  try {
    const result = await lighthouse(url, { port, onlyCategories: [...CATEGORIES], logLevel: 'error' });
    const { runtimeError, categories, audits } = report.parse(result?.lhr);
    if (runtimeError) throw new Error(`${url}: ${runtimeError.message}`);
    if (CATEGORIES.some((category) => categories[category].score === null)) {
      return Object.entries(audits).flatMap(([name, { errorMessage }]) =>
        errorMessage === undefined ? [] : [`${name}: ${errorMessage}`],
      );
    }
    const points = (category: Category): number => Math.round((categories[category].score ?? 0) * 100);
    return {
      performance: points('performance'),
      accessibility: points('accessibility'),
      'best-practices': points('best-practices'),
      seo: points('seo'),
    };
  } finally {
    await browser.close();
  }
}
