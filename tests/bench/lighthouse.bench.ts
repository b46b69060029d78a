import lighthouse from 'lighthouse';
import { chromium, type LaunchOptions } from 'playwright';
import { z } from 'zod';
import { ensureChromium, findChromium, findHeadlessShell, launchOptions } from '../support/chromium.ts';
import { freePort, runSite } from '../support/running-site.ts';
import { writeCorpus } from './corpus.ts';
import { type Figure, median } from './figure.ts';
import { tidily } from './tidily.ts';

// Lighthouse as a phone sees the pages (its own defaults: a slow phone on a slow network, simulated): the score of
// each category, the median of five runs; of three on the kinds of page that fewer people come to first.

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
type Category = (typeof CATEGORIES)[number];

/**
 * `unlisted`: kept out of search engines on purpose, which is no fault of the page. `wholeBrowser`: the headless shell
 * has a pointer of its own at the corner of every page, and that is the touch that the form's script waits for.
 */
type Kind = { name: string; path: string; runs: number; unlisted?: true; wholeBrowser?: true };

const PAGES: readonly Kind[] = [
  { name: 'home', path: '/', runs: 5 },
  { name: 'list', path: '/articles', runs: 5 },
  { name: 'article', path: '/articles/pmo-yametoke', runs: 5 },
  { name: 'author', path: '/authors/editorial-team', runs: 5 },
  { name: 'search', path: '/search', runs: 5 },
  { name: 'form', path: '/register', runs: 5, wholeBrowser: true },
  { name: 'service', path: '/service', runs: 3 },
  { name: 'quiz', path: '/quiz', runs: 3 },
  { name: 'quiz-result', path: '/quiz/control', runs: 3 },
  { name: 'tag', path: '/tags/PMO', runs: 3 },
  { name: 'category', path: '/categories/work', runs: 3 },
  { name: 'privacy', path: '/privacy', runs: 3 },
  { name: 'sixty-seconds', path: '/about/60-seconds', runs: 3 },
  { name: 'search-results', path: '/search?q=議事録', runs: 3, unlisted: true },
];
/** Lists have numbered pages in larger archives only. */
const ARCHIVE_ARTICLES = 60;
const ARCHIVE_PAGES: readonly Kind[] = [{ name: 'numbered-list', path: '/articles?page=2', runs: 3 }];

/** What is asked of a page; the form loads its client runtime. */
function goalOf(name: string, category: Category): number {
  return name === 'form' && category === 'performance' ? 95 : 100;
}

const report = z.object({
  runtimeError: z.object({ message: z.string() }).optional(),
  categories: z.record(z.enum(CATEGORIES), z.object({ score: z.number().nullable() })),
  environment: z.object({ benchmarkIndex: z.number() }),
  audits: z.record(z.string(), z.object({ errorMessage: z.string().optional() })),
});

/** Points of 100. `index`: Lighthouse's own measure of the machine; its simulated phone is four times slower than one of 1,500 to 2,000. */
type Scores = Record<Category, number> & { index: number };

/** How often a page is looked at again after Lighthouse could not judge it: it loses a trace now and then. */
const TRIES = 3;

export function measure(): Promise<Figure[]> {
  return tidily(async (afterwards) => {
    const site = await runSite();
    afterwards(site.remove);
    const corpus = writeCorpus(ARCHIVE_ARTICLES);
    afterwards(corpus.remove);
    const archive = await runSite({ CONTENT_DIR: corpus.folder });
    afterwards(archive.remove);
    ensureChromium();
    const judged: { kind: Kind; runs: Scores[] }[] = [];
    for (const kind of PAGES) judged.push({ kind, runs: await judgeKind(site.url, kind) });
    for (const kind of ARCHIVE_PAGES) judged.push({ kind, runs: await judgeKind(archive.url, kind) });
    const index = median(judged.flatMap(({ runs }) => runs.map((run) => run.index)));
    return [
      ...judged.flatMap(({ kind, runs }) => figuresOf(kind, runs)),
      { id: 'lighthouse.benchmark-index', value: index, unit: 'points' },
    ];
  });
}

/** All runs on one page of the site at `siteUrl`. */
async function judgeKind(
  siteUrl: string,
  { name, path, runs: count, unlisted, wholeBrowser }: Kind,
): Promise<Scores[]> {
  console.error(`lighthouse: ${name}`);
  const url = siteUrl + path;
  // The first reader of a page waits for its rendering; the score is about those who come later.
  await fetch(url);
  const browser = launchOptions(wholeBrowser ? findChromium() : findHeadlessShell());
  const skipAudits = unlisted ? ['is-crawlable'] : [];
  const runs: Scores[] = [];
  for (let run = 0; run < count; run++) runs.push(await judge(url, browser, skipAudits));
  return runs;
}

function figuresOf({ name }: Kind, runs: readonly Scores[]): Figure[] {
  return CATEGORIES.map((category) => ({
    id: `lighthouse.${name}-${category}`,
    value: median(runs.map((run) => run[category])),
    unit: 'points',
    goal: { op: '>=', number: goalOf(name, category) },
  }));
}

/** Scores from 0 to 100. @throws when Lighthouse could not judge the page in all its tries, with the audits that failed. */
async function judge(url: string, options: LaunchOptions, skipAudits: string[]): Promise<Scores> {
  for (let left = TRIES; ; left -= 1) {
    const outcome = await scores(url, options, skipAudits);
    if (!Array.isArray(outcome)) return outcome;
    const failed = `${url}: Lighthouse gave no score: ${outcome.join('; ')}`;
    if (left === 1) throw new Error(failed);
    console.error(`lighthouse: ${failed}`);
  }
}

/** Scores from a browser of its own, or the audits that failed. */
async function scores(url: string, options: LaunchOptions, skipAudits: string[]): Promise<Scores | string[]> {
  const port = await freePort();
  const args = [...(options.args ?? []), `--remote-debugging-port=${port}`];
  const browser = await chromium.launch({ ...options, args });
  try {
    const result = await lighthouse(url, { port, onlyCategories: [...CATEGORIES], skipAudits, logLevel: 'error' });
    const { runtimeError, environment, categories, audits } = report.parse(result?.lhr);
    if (runtimeError) return [runtimeError.message];
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
      index: environment.benchmarkIndex,
    };
  } finally {
    await browser.close();
  }
}
