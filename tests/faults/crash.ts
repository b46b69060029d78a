import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { readForm } from '../support/form-post.ts';
import { type RunningSite, runSite } from '../support/running-site.ts';
import { check, damageOf, rowsOf, untilDrained, type Verdict } from './checker.ts';
import type { Dice } from './dice.ts';
import { keptIn } from './kept-mails.ts';
import { openPostOffice } from './post-office.ts';
import { liesOf } from './truth.ts';
import { isAccepted, letIn, type Visit } from './visitors.ts';

// Processes that are killed while people register. `kill -9` shows that nothing is answered before it is committed and
// that everything goes on afterwards; it proves nothing about syncing to disk, which power-cuts.ts does.

/** What is killed: the whole built site, or its way of a lead alone (office.ts), which starts in a third of the time. */
export type Victim = 'server.ts' | 'tests/faults/office.ts';

const CHANCE_OF_KILL_AT_START = 1 / 4;
/** As long as a start takes, and as long as a registration or a mail does. */
const START_MS = { 'server.ts': 1500, 'tests/faults/office.ts': 500 } as const;
const WORK_MS = 60;
const SLOW_MAILBOX = { NODE_OPTIONS: `--import=${path.join(import.meta.dirname, 'slow-mailbox.ts')}` };

export type KillPlan = {
  victim: Victim;
  registrations: number;
  kills: number;
  clients: number;
  dice: Dice;
  /** Waits the minute until the leases of the last one killed end; otherwise their end is set back meanwhile. */
  waitsForLeases: boolean;
  /** By SMTP, or as `.eml` files of the local mailbox. */
  mails: 'sent' | 'kept';
};

/**
 * `clients` register until `registrations` people are, spread evenly over `kills` kills at random moments of accepting,
 * committing, delivering and starting. Then all mails are waited for, and history, store and mailbox compared.
 */
export async function killWhileRegistering(plan: KillPlan): Promise<Verdict> {
  const { victim, registrations, kills, clients, dice } = plan;
  const office = await openPostOffice();
  const site = await runSite(plan.mails === 'sent' ? { SMTP_URL: office.url } : SLOW_MAILBOX, undefined, victim);
  try {
    const visits: Visit[] = [];
    const accepted = () => visits.filter(isAccepted).length;
    let done = 0;
    const form = await readForm(`${site.url}/register`);
    const isOver = () => done >= kills && accepted() >= registrations;
    const crowd = letIn({ forms: [form], clients, isOver, dice, visits });
    while (done < kills) {
      while (accepted() < (registrations * done) / kills) await pause(5);
      await pause(dice.between(0, WORK_MS));
      await site.stop('SIGKILL');
      done += 1;
      if (done < kills && dice.chance(CHANCE_OF_KILL_AT_START)) {
        const starting = site.start().catch(() => undefined);
        await pause(dice.between(0, START_MS[victim]));
        await site.stop('SIGKILL');
        await starting;
        done += 1;
      }
      if (done >= kills && !plan.waitsForLeases) endLeases(site);
      await site.start();
    }
    await crowd;
    const kept = keptIn(path.join(site.dataDir, 'mail'));
    const verdict = await verdictOf(site, visits, plan.mails === 'sent' ? office : kept);
    verdict.broken.damage.push(...kept.notWhole());
    if (victim === 'server.ts')
      verdict.broken.lies = await liesOf(site, rowsOf(path.join(site.dataDir, 'leads.sqlite')));
    return verdict;
  } finally {
    await site.remove('SIGKILL');
    await office.close();
  }
}

/** What the clock of the store does in a minute. */
export function endLeases({ dataDir }: RunningSite): void {
  const database = new DatabaseSync(path.join(dataDir, 'leads.sqlite'), { timeout: 5000 });
  database.exec('UPDATE outbox SET lease_until = 1 WHERE lease_until IS NOT NULL');
  database.close();
}

/** Waits for the last mail and compares everything. */
export async function verdictOf(
  { dataDir }: Pick<RunningSite, 'dataDir'>,
  visits: readonly Visit[],
  mail: { arrivals: readonly { messageId: string }[] },
): Promise<Verdict> {
  const rows = rowsOf(path.join(dataDir, 'leads.sqlite'));
  await untilDrained(rows);
  const arrivals = mail.arrivals.map(({ messageId }) => messageId);
  const verdict = await check(visits, rows, arrivals);
  verdict.broken.damage = await damageOf(rows);
  return verdict;
}
