import '#server-only';
import path from 'node:path';
import { site } from '#lib/site.ts';
import { removeMails } from './local-mailbox.ts';
import { mendEmail } from './schema.ts';
import type { LeadStore } from './store.ts';

const SENDING_WAIT_MS = 90_000;
const SENDING_PAUSE_MS = 500;
const AT_ONCE = 200;
const DAY_MS = 24 * 60 * 60 * 1000;
const JST = 9 * 60 * 60 * 1000;

/** `sending`: a mail to the person was under way for 90 s; nothing was changed. */
export type Forgotten = { status: 'erased'; leads: number } | { status: 'unknown' | 'sending' };

type Place = { store: LeadStore; dataDir: string };

/**
 * Removes the person with this mail address from store, queue and local mailbox; a receipt without the person stays. A
 * mail under way is waited for. A crash in between leaves nothing behind that the next call, for whomever, does not
 * remove.
 */
export async function erasePerson({ store, dataDir }: Place, email: string): Promise<Forgotten> {
  const end = performance.now() + SENDING_WAIT_MS;
  let erasure = await store.erase(mendEmail(email));
  while (erasure.status === 'sending' && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, SENDING_PAUSE_MS));
    erasure = await store.erase(mendEmail(email));
  }
  await emptyMailbox({ store, dataDir });
  return erasure;
}

/**
 * Removes everyone whose lead is older than the months that the privacy policy promises, or was withdrawn longer ago than
 * the days it promises; returns how many leads.
 */
export async function purgeExpired(
  { store, dataDir }: Place,
  now = new Date(),
  months: number = site.retentionMonths,
): Promise<number> {
  const before = monthsBefore(now, months);
  const withdrawnBefore = new Date(now.getTime() - site.withdrawnDays * DAY_MS);
  let total = 0;
  for (let erased = 1; erased > 0; total += erased) erased = await store.purge(before, AT_ONCE, withdrawnBefore);
  await emptyMailbox({ store, dataDir });
  return total;
}

async function emptyMailbox({ store, dataDir }: Place): Promise<void> {
  const folder = path.join(dataDir, 'mail');
  for (let ids = await store.removals(); ids.length > 0; ids = await store.removals()) {
    await removeMails(folder, ids);
    await store.forgetRemovals(ids);
  }
}

/** The same day and time in JST, months earlier; the last day of the month where there is no such day. */
function monthsBefore(now: Date, months: number): Date {
  const jst = new Date(now.getTime() + JST);
  const day = jst.getUTCDate();
  jst.setUTCDate(1);
  jst.setUTCMonth(jst.getUTCMonth() - months);
  const lastDay = new Date(Date.UTC(jst.getUTCFullYear(), jst.getUTCMonth() + 1, 0)).getUTCDate();
  jst.setUTCDate(Math.min(day, lastDay));
  return new Date(jst.getTime() - JST);
}
