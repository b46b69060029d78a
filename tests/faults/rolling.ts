import { setTimeout as pause } from 'node:timers/promises';
import { readForm } from '../support/form-post.ts';
import { runShippedNginx } from '../support/nginx.ts';
import { freePort, runSite } from '../support/running-site.ts';
import type { Verdict } from './checker.ts';
import { endLeases, verdictOf } from './crash.ts';
import { arrive } from './leaving.ts';
import { openPostOffice } from './post-office.ts';
import { ACCEPTED, type Visit } from './visitors.ts';

const BETWEEN_MS = 400;

export type Rolling = { verdict: Verdict; posts: number; lostPosts: number; pages: number; lostPages: number };

/** Each process is told to go, and nginx hands on what one cannot answer. */
const GENTLY = { signal: 'SIGTERM', handsOn: true } as const;
/**
 * The negative control. A kill alone does not always show: nginx hands on to the other process what it had not answered
 * (of two runs one lost 13 posts, one none).
 */
export const ROUGHLY = { signal: 'SIGKILL', handsOn: false } as const;

/**
 * Two processes of the built site on one folder behind nginx as docs/operating has it; they are ended and started
 * again in turn, `restarts` times in all, while 50 people a second register and others read.
 */
export async function restartInTurn(
  restarts: number,
  { signal, handsOn }: typeof GENTLY | typeof ROUGHLY = GENTLY,
): Promise<Rolling> {
  const mail = await openPostOffice();
  const port = await freePort();
  const own = { SITE_URL: `http://localhost:${port}`, TRUST_PROXY: '1', SMTP_URL: mail.url };
  const first = await runSite(own);
  const second = await runSite({ ...own, DATA_DIR: first.dataDir });
  const sites = [first, second];
  const ports = sites.map(({ url }) => Number(new URL(url).port));
  const keepsToItself: [RegExp, string] = [/proxy_next_upstream error non_idempotent;/, 'proxy_next_upstream off;'];
  const nginx = await runShippedNginx(port, ports, handsOn ? [] : [keepsToItself]);
  let isOver = false;
  try {
    const visits: Visit[] = [];
    const form = await readForm(`${nginx.url}/register`);
    const load = arrive(form, () => isOver, visits);
    const reading = read(nginx.url, () => isOver);
    for (let count = 0; count < restarts; count += 1) {
      const site = count % 2 === 0 ? first : second;
      await pause(BETWEEN_MS);
      await site.stop(signal);
      await site.start();
    }
    await pause(BETWEEN_MS);
    isOver = true;
    const [{ pages, lostPages }] = await Promise.all([reading, load]);
    const posts = visits.flatMap((visit) => visit.posts);
    if (signal === 'SIGKILL') endLeases(first);
    const lostPosts = posts.filter(({ status }) => status !== ACCEPTED).length;
    return { verdict: await verdictOf(first, visits, mail), posts: posts.length, lostPosts, pages, lostPages };
  } finally {
    isOver = true;
    await nginx.stop();
    await Promise.all(sites.map((site) => site.remove('SIGKILL')));
    await mail.close();
  }
}

/** Somebody who turns pages, never the same twice in a second: nginx keeps each for that long. */
async function read(url: string, isOver: () => boolean): Promise<{ pages: number; lostPages: number }> {
  let [pages, lostPages] = [0, 0];
  while (!isOver()) {
    const answer = await fetch(`${url}/search?q=${pages}`).catch(() => undefined);
    pages += 1;
    if (answer?.status !== 200) lostPages += 1;
    await answer?.arrayBuffer();
    await pause(20);
  }
  return { pages, lostPages };
}
