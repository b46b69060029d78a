import type { ChildProcess } from 'node:child_process';
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type ReadForm, readForm } from '../support/form-post.ts';
import { runSite } from '../support/running-site.ts';
import type { Verdict } from './checker.ts';
import { verdictOf } from './crash.ts';
import type { Dice } from './dice.ts';
import { openPostOffice } from './post-office.ts';
import { ACCEPTED, newVisit, send, type Visit } from './visitors.ts';

const PER_SECOND = 50;
/** Until the signal comes: by then registrations wait that the process has not taken. */
const STARVED_MS = 500;

/** `reset`: how registrations ended that were sent before the signal and never answered. */
export type Leaving = { verdict: Verdict; reset: string[]; slowestExitMs: number; badExits: number };

/**
 * Ends the built site with SIGTERM `times` times while 50 people a second register, every other on a kept connection. One that is
 * starved runs for a sixth of the time: it has not read by then what was sent to it long before.
 */
export async function terminateUnderLoad(times: number, dice: Dice, isStarved = false): Promise<Leaving> {
  const mail = await openPostOffice();
  const site = await runSite({ SMTP_URL: mail.url });
  const result = { reset: [] as string[], slowestExitMs: 0, badExits: 0 };
  try {
    const form = await readForm(`${site.url}/register`);
    const visits: Visit[] = [];
    for (let count = 0; count < times; count += 1) {
      let isOver = false;
      const load = arrive(form, () => isOver, visits);
      await pause(dice.between(300, 900));
      if (isStarved) {
        void starve(site.process);
        await pause(STARVED_MS);
      }
      const signalled = performance.now();
      const code = await site.stop('SIGTERM');
      isOver = true;
      result.slowestExitMs = Math.max(result.slowestExitMs, performance.now() - signalled);
      if (code !== 0) result.badExits += 1;
      await load;
      const posts = visits.flatMap((visit) => visit.posts);
      result.reset.push(...posts.flatMap((post) => (isReset(post, signalled) ? [String(post.cause)] : [])));
      await site.start();
      await sendAgain(form, visits);
    }
    return { ...result, verdict: await verdictOf(site, visits, mail) };
  } finally {
    await site.remove('SIGKILL');
    await mail.close();
  }
}

/** Lets a process run for a sixth of the time only, as if others had the cores, until it has ended. */
async function starve(process: ChildProcess): Promise<void> {
  while (process.exitCode === null && process.signalCode === null) {
    process.kill('SIGSTOP');
    await pause(60);
    process.kill('SIGCONT');
    await pause(12);
  }
}

const isReset = ({ status, askedAt, milliseconds }: Visit['posts'][number], at: number): boolean =>
  status === 'unknown' && askedAt < at && askedAt + milliseconds > at;

/** One new person every 20 ms, however long the answers take. */
export async function arrive(form: ReadForm, isOver: () => boolean, visits: Visit[]): Promise<void> {
  const kept = new Agent({ keepAlive: true });
  const underWay: Promise<unknown>[] = [];
  const started = performance.now();
  for (let count = 0; !isOver(); count += 1) {
    const visit = newVisit();
    visits.push(visit);
    underWay.push(send(visit, form, count % 2 === 0 ? { agent: kept } : {}));
    await pause(Math.max(0, started + ((count + 1) * 1000) / PER_SECOND - performance.now()));
  }
  await Promise.all(underWay);
  kept.destroy();
}

/** Whoever was not accepted presses the button again. */
export async function sendAgain(form: ReadForm, visits: readonly Visit[]): Promise<void> {
  for (const visit of visits) {
    while (visit.posts.at(-1)?.status !== ACCEPTED && visit.posts.length < 5) await send(visit, form);
  }
}
