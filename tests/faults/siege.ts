import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type RunningSite, runSite } from '../support/running-site.ts';
import { openSlowCrowd } from '../support/slow-sockets.ts';

// A site under watch, and what readers notice of those who hold its connections.

const WATCH = path.join(import.meta.dirname, 'watch-process.ts');
const READERS = path.join(import.meta.dirname, 'readers.ts');
const run = promisify(execFile);
const ARTICLE = '/articles/pmo-yametoke';

const watchedSchema = z.object({
  loop: z.object({ p99: z.number(), longest: z.number() }),
  uncaught: z.number(),
  at: z.number(),
});

export type WatchedSite = RunningSite & {
  /** Forgets how the event loop fared until now. */
  beginWatch(): void;
  /** How it fared since, in milliseconds, and what nobody caught since the start. */
  watched(): Promise<z.infer<typeof watchedSchema>>;
  /** Resident memory in MB and open files, as the kernel counts them. */
  held(): { megabytes: number; files: number };
};

/** Starts the built site with a look into its event loop. */
export async function runWatchedSite(environment: Record<string, string> = {}): Promise<WatchedSite> {
  const site = await runSite({ NODE_OPTIONS: `--import ${WATCH}`, ...environment }, (dataDir) => [
    'env',
    `WATCH_FILE=${path.join(dataDir, 'watch.json')}`,
  ]);
  const read = () => watchedSchema.parse(JSON.parse(readFileSync(path.join(site.dataDir, 'watch.json'), 'utf8')));
  return Object.assign(site, {
    beginWatch: () => void site.process.kill('SIGUSR2'),
    async watched() {
      const asked = Date.now();
      let seen = read();
      while (seen.at <= asked) {
        await new Promise((wake) => setTimeout(wake, 50));
        seen = read();
      }
      return seen;
    },
    held() {
      const folder = `/proc/${site.process.pid}`;
      const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`${folder}/status`, 'utf8'))?.[1]);
      return { megabytes: Math.round(kilobytes / 1024), files: readdirSync(`${folder}/fd`).length };
    },
  });
}

/** How long readers wait for an article, in milliseconds: the 99th percentile over `seconds`. @throws for a failure. */
async function readersWait(site: RunningSite, seconds: number): Promise<number> {
  const { stdout } = await run(process.execPath, [READERS, `${site.url}${ARTICLE}`, String(seconds)]);
  return z.coerce.number().positive().parse(stdout);
}

export type Siege = {
  ratio: number;
  calmMs: number;
  siegeMs: number;
  closedAfterMs: number;
  atRest: { megabytes: number; files: number };
  most: { megabytes: number; files: number };
  said: Record<string, number>;
};

/**
 * 1,000 idle connections, 500 slow headers, 500 slow bodies and a few that send without end, all at once; readers are
 * timed before and meanwhile, the better of two times each: what a busy machine adds to both is no answer. Twice
 * `seconds` must be less than the 10 s after which the first are closed. `onTimed` is called when only the closing is left
 * to wait for.
 * @throws when one of them is still open after `closeWithinMs`.
 */
export async function besiege(
  site: WatchedSite,
  { seconds, closeWithinMs, onTimed }: { seconds: number; closeWithinMs: number; onTimed?: () => void },
): Promise<Siege> {
  await readersWait(site, 1);
  const calmMs = await leastOf(2, () => readersWait(site, seconds));
  const atRest = site.held();
  const crowd = openSlowCrowd(Number(new URL(site.url).port), {
    idle: 1000,
    'slow headers': 500,
    'slow body': 500,
    'endless chunks': 20,
    '100 MB': 5,
    'keeps asking nothing': 100,
  });
  const opened = performance.now();
  const siegeMs = await leastOf(2, () => readersWait(site, seconds));
  const most = site.held();
  onTimed?.();
  await crowd.gone(closeWithinMs - (performance.now() - opened));
  return {
    ratio: siegeMs / calmMs,
    calmMs,
    siegeMs,
    closedAfterMs: crowd.longestMs(),
    atRest,
    most,
    said: crowd.said(),
  };
}

async function leastOf(times: number, measure: () => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let count = 0; count < times; count++) least = Math.min(least, await measure());
  return least;
}
