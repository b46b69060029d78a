import { setTimeout as pause } from 'node:timers/promises';
import { readForm } from '../support/form-post.ts';
import { runShippedNginx } from '../support/nginx.ts';
import { freePort, runSite } from '../support/running-site.ts';
import type { Verdict } from './checker.ts';
import { verdictOf } from './crash.ts';
import { arrive } from './leaving.ts';
import { openPostOffice } from './post-office.ts';
import { ACCEPTED, type Visit } from './visitors.ts';

const BETWEEN_MS = 400;

export type Rolling = { verdict: Verdict; posts: number; lostPosts: number; pages: number; lostPages: number };

/**
 * Two processes of the built site on one folder behind nginx as docs/operating has it; each is ended and started again
 * in turn, `rounds` times, while 50 people a second register and others read.
 */
export async function restartInTurn(rounds: number): Promise<Rolling> {
  const mail = await openPostOffice();
  const port = await freePort();
  const own = { SITE_URL: `http://localhost:${port}`, TRUST_PROXY: '1', SMTP_URL: mail.url };
  const first = await runSite(own);
  const second = await runSite({ ...own, DATA_DIR: first.dataDir });
  const sites = [first, second];
  const nginx = await runShippedNginx(port, ...sites.map(({ url }) => Number(new URL(url).port)));
  let isOver = false;
  try {
    const visits: Visit[] = [];
    const form = await readForm(`${nginx.url}/register`);
    const load = arrive(form, () => isOver, visits);
    const reading = read(nginx.url, () => isOver);
    for (let count = 0; count < rounds; count += 1) {
      for (const site of sites) {
        await pause(BETWEEN_MS);
        await site.stop('SIGTERM');
        await site.start();
      }
    }
    await pause(BETWEEN_MS);
    isOver = true;
    const [{ pages, lostPages }] = await Promise.all([reading, load]);
    const posts = visits.flatMap((visit) => visit.posts);
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
