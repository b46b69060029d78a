import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { readForm } from '../support/form-post.ts';
import { type RunningSite, runSite } from '../support/running-site.ts';
import { check, damageOf, rowsOf } from './checker.ts';
import type { Dice } from './dice.ts';
import { makeDisk } from './disk-image.ts';
import { keptIn } from './kept-mails.ts';
import { ACCEPTED, isAccepted, letIn, send, type Visit } from './visitors.ts';

// Power cuts: the process is stopped for the moment of a copy of its disk, and what stands on the copy is compared with
// what had been answered by then. The process goes on, so that one run sees many cuts.

const CUTS_PER_DISK = 20;
const DISK_MEGABYTES = 48;
const BETWEEN_CUTS_MS = 120;
const CLIENTS = 4;

/** Everything but the first two must be 0; `lost` and `mailsLost` may not be when durability is off. */
export type PowerCuts = {
  cuts: number;
  accepted: number;
  lost: number;
  /** Mails that are marked as sent and are not in the mailbox, or not whole. */
  mailsLost: number;
  /** All other promises that were broken, on any copy. */
  broken: number;
  /** People who were accepted and became another lead when they sent again after the machine had come back. */
  doubled: number;
};

/** The environment of a site without durability: the negative control. */
export const UNDURABLE = { NODE_OPTIONS: `--import=${path.join(import.meta.dirname, 'undurable.ts')}` };

/** Cuts the power `cuts` times. `environment` may be `UNDURABLE`. */
export async function cutPower(cuts: number, dice: Dice, environment: Record<string, string> = {}): Promise<PowerCuts> {
  const total: PowerCuts = { cuts: 0, accepted: 0, lost: 0, mailsLost: 0, broken: 0, doubled: 0 };
  while (total.cuts < cuts) {
    const disk = makeDisk(DISK_MEGABYTES);
    const own = { ...environment, DATA_DIR: path.join(disk.folder, 'data') };
    const site = await runSite(own, undefined, 'tests/faults/office.ts');
    let isOver = false;
    const visits: Visit[] = [];
    const form = await readForm(`${site.url}/register`);
    const crowd = letIn({ forms: [form], clients: CLIENTS, isOver: () => isOver, dice, visits });
    try {
      for (let count = 0; count < CUTS_PER_DISK && total.cuts < cuts; count += 1) {
        await pause(dice.between(5, BETWEEN_CUTS_MS));
        await stopped(site);
        const told = visits.map((visit) => asOf(performance.now(), visit));
        const isLast = count === CUTS_PER_DISK - 1;
        await disk.afterPowerCut(async (folder) => {
          site.process.kill('SIGCONT');
          await compare(path.join(folder, 'data'), told, total);
          if (isLast) await comeBack(path.join(folder, 'data'), told, total, environment);
        });
        total.cuts += 1;
      }
      total.accepted += visits.filter(isAccepted).length;
      isOver = true;
      await crowd;
    } finally {
      isOver = true;
      await site.remove('SIGKILL');
      disk.remove();
    }
  }
  return total;
}

/** Stops every thread where it stands. */
async function stopped({ process: child }: RunningSite): Promise<void> {
  child.kill('SIGSTOP');
  while (!/^State:\s+T/m.test(readFileSync(`/proc/${child.pid}/status`, 'utf8'))) await pause(1);
}

/** What a visit's person had been told at an instant; an answer still on its way leaves it open what was stored. */
function asOf(now: number, visit: Visit): Visit {
  const posts = visit.posts.map((post) =>
    post.status !== 'unknown' && post.askedAt + post.milliseconds <= now
      ? { ...post }
      : { ...post, status: 'unknown' as const },
  );
  return { ...visit, posts };
}

const sentRows = z.array(z.object({ message_id: z.string() }));

async function compare(dataDir: string, told: readonly Visit[], total: PowerCuts): Promise<void> {
  const rows = rowsOf(path.join(dataDir, 'leads.sqlite'));
  const found = await Promise.all([check(told, rows, []), damageOf(rows)]).catch((error: unknown) => {
    // Nothing that could be read was left.
    if (!(error instanceof Error && 'errcode' in error)) throw error;
  });
  if (found === undefined) {
    total.lost += told.filter(isAccepted).length;
    return;
  }
  const [{ broken }, damage] = found;
  total.lost += broken.lost.length;
  total.broken += broken.doubled.length + broken.unasked.length + broken.misaddressed.length + broken.dead.length;
  total.broken += damage.length;
  const sent = sentRows.parse(await rows(`SELECT message_id FROM outbox WHERE state = 'sent'`));
  const kept = new Set(keptIn(path.join(dataDir, 'mail')).arrivals.map(({ messageId }) => messageId));
  total.mailsLost += sent.filter(({ message_id: messageId }) => !kept.has(messageId)).length;
}

/** The machine is back: the site starts on what the disk has, and whoever was accepted and sends again is the same lead. */
async function comeBack(
  dataDir: string,
  told: readonly Visit[],
  total: PowerCuts,
  environment: Record<string, string>,
): Promise<void> {
  const site = await runSite({ ...environment, DATA_DIR: dataDir }, undefined, 'tests/faults/office.ts');
  try {
    const form = await readForm(`${site.url}/register`);
    const again = told.filter(isAccepted).slice(-20);
    for (const visit of again) {
      const last = visit.posts.findLast(({ status }) => status === ACCEPTED)?.answers;
      if ((await send(visit, form, last)).status !== ACCEPTED) total.broken += 1;
    }
    const { broken } = await check(told, rowsOf(path.join(dataDir, 'leads.sqlite')), []);
    total.doubled += broken.doubled.length + broken.misaddressed.length;
  } finally {
    await site.remove('SIGKILL');
  }
}
