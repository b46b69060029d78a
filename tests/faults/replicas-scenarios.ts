import { openInbox } from '../support/inbox.ts';
import { check, untilDrained, type Verdict } from './checker.ts';
import type { Dice } from './dice.ts';
import type { Cluster } from './replicas-cluster.ts';
import { letIn, newVisit, send } from './visitors.ts';

// What is done to replicas on one PostgreSQL: short in `npm test`, long in `npm run bench replicas`.

const CLIENTS = 8;
const LEASE_MS = 60_000;
/** No mail to the inbox on this machine is under way for so long. */
const ORPHANED_MS = 2000;

/** `disagreed`: submissions whose answers led to different leads. */
export type Pairs = {
  leads: number;
  mails: number;
  disagreed: number;
  refused: number;
  sentTwice: number;
  senders: number;
};

/** The same submission to all replicas at once, as a proxy's retry or an impatient visitor makes it. */
export async function sendPairs(cluster: Cluster, pairs: number, clients = 16): Promise<Pairs> {
  const visits = Array.from({ length: pairs }, newVisit);
  const waiting = visits.values();
  let [disagreed, refused] = [0, 0];
  const client = async () => {
    for (const visit of waiting) {
      const answers = await Promise.all(cluster.forms.map((form) => send(visit, form)));
      const leads = new Set(answers.map(({ location }) => cluster.leadOf(location)));
      if (leads.has(undefined)) refused += 1;
      else if (leads.size > 1) disagreed += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  await untilDrained(cluster.query);
  const ids = visits.map(({ id }) => id);
  const [row] = await cluster.query('SELECT count(*) AS leads FROM leads WHERE submission_id = ANY ($1)', ids);
  const copies = Map.groupBy(cluster.inbox.mails, ({ parsed }) => parsed.messageId);
  const senders = cluster.sites.filter((site) => site.output().includes('"event":"mail.sent"')).length;
  return {
    leads: Number(row?.leads),
    mails: copies.size,
    disagreed,
    refused,
    sentTwice: [...copies.values()].filter(({ length }) => length > 1).length,
    senders,
  };
}

/**
 * People register while PostgreSQL crashes `restarts` times. A claim whose answer was lost keeps its mails until the
 * lease ends: that minute is waited for, or set back where `waitsForLeases` is false.
 */
export async function crashUnderLoad(
  cluster: Cluster,
  restarts: number,
  dice: Dice,
  waitsForLeases = true,
): Promise<Verdict> {
  return underLoad(cluster, dice, async (pause) => {
    for (let count = 0; count < restarts; count += 1) {
      await pause(dice.between(300, 1100));
      await cluster.postgres.restart('immediate');
    }
    await pause(500);
    if (waitsForLeases) return;
    await pause(ORPHANED_MS);
    const before = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint + $1';
    await cluster.query(`UPDATE outbox SET lease_until = 1 WHERE lease_until < ${before}`, LEASE_MS - ORPHANED_MS);
  });
}

/** People register while PostgreSQL takes connections and answers nothing for `seconds`. */
export async function blackHole(cluster: Cluster, seconds: number, dice: Dice): Promise<Verdict> {
  return underLoad(cluster, dice, async (pause) => {
    await pause(500);
    cluster.postgres.pause();
    await pause(seconds * 1000);
    cluster.postgres.resume();
    await pause(1000);
  });
}

/** People register while `nemesis` is at work; then all mails are waited for and everything compared. */
export async function underLoad(
  cluster: Cluster,
  dice: Dice,
  nemesis: (pause: (ms: number) => Promise<void>) => Promise<void>,
): Promise<Verdict> {
  const [first, ...others] = cluster.visitorsForms;
  if (!first) throw new Error('a replica is needed');
  let isOver = false;
  const visits = letIn({ forms: [first, ...others], clients: CLIENTS, isOver: () => isOver, dice });
  try {
    await nemesis((ms) => new Promise((wake) => setTimeout(wake, ms)));
  } finally {
    isOver = true;
  }
  const history = await visits;
  await untilDrained(cluster.query);
  const arrivals = cluster.inbox.mails.map(({ parsed }) => parsed.messageId ?? '');
  return check(history, cluster.query, arrivals);
}

/** `untouched`: mails of the dead replica that nobody tried before its lease ended. */
export type TakeOver = { held: number; untouched: number; arrived: number; sentTwice: number; attempts: number[] };

/**
 * Kills the first replica while its mail server keeps it waiting, so that it dies with mails in its hands; the second
 * one has a mail server that works. `meanwhile` happens before the leases end; `endLeases` lets them run out, or waits
 * until they have.
 */
export async function killWithMailsInHand(
  cluster: Cluster,
  meanwhile: () => Promise<void>,
  endLeases: () => Promise<void>,
): Promise<TakeOver> {
  const [form] = cluster.forms;
  const [victim] = cluster.sites;
  if (!form || !victim) throw new Error('two replicas are needed');
  for (let count = 0; count < 6; count += 1) await send(newVisit(), form);
  // All that the second can do is done when only leased mails wait, the same ones twice a second apart.
  const inHand = () =>
    cluster.query(`SELECT message_id, attempts, lease_until FROM outbox WHERE state = 'pending' ORDER BY seq`);
  let held = await inHand();
  for (;;) {
    await new Promise((wake) => setTimeout(wake, 1500));
    const now = await inHand();
    const isQuiet = now.length === held.length && now.every(({ lease_until }) => lease_until !== null);
    held = now;
    if (isQuiet && held.length > 0) break;
  }
  await victim.stop('SIGKILL');
  await meanwhile();
  await new Promise((wake) => setTimeout(wake, 1300));
  const later = await inHand();
  const untouched = later.filter(({ message_id, attempts }) =>
    held.some((mail) => mail.message_id === message_id && mail.attempts === attempts),
  );
  await endLeases();
  await untilDrained(cluster.query);
  const messageIds = held.map(({ message_id }) => message_id);
  const rows = await cluster.query('SELECT attempts FROM outbox WHERE message_id = ANY ($1)', messageIds);
  const arrived = cluster.inbox.mails.filter(({ parsed }) => messageIds.includes(parsed.messageId));
  const copies = Map.groupBy(cluster.inbox.mails, ({ parsed }) => parsed.messageId);
  return {
    held: held.length,
    untouched: untouched.length,
    arrived: arrived.length,
    sentTwice: [...copies.values()].filter(({ length }) => length > 1).length,
    attempts: rows.map(({ attempts }) => Number(attempts)),
  };
}

/** `mostAttempts`: of a mail that waited while the mail server was away; a storm would make it large. */
export type Outage = { arrived: number; sentTwice: number; dead: number; mostAttempts: number; senders: number };

/** Registers before and during an outage of the mail server, which ends when a mail was tried `tries` times in vain. */
export async function mailServerAway(cluster: Cluster, tries: number): Promise<Outage> {
  const register = async () => {
    for (const form of cluster.forms) for (let count = 0; count < 4; count += 1) await send(newVisit(), form);
  };
  await register();
  await untilDrained(cluster.query);
  const before = [...cluster.inbox.mails];
  await cluster.inbox.close();
  await register();
  for (;;) {
    const [row] = await cluster.query(`SELECT max(attempts) AS tries FROM outbox WHERE state = 'pending'`);
    if (Number(row?.tries) >= tries) break;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  cluster.inbox = await openInbox(Number(new URL(cluster.inbox.smtpUrl).port));
  await untilDrained(cluster.query);
  const mails = [...before, ...cluster.inbox.mails];
  const [row] = await cluster.query(
    `SELECT max(attempts) AS most, count(*) FILTER (WHERE state = 'dead') AS dead FROM outbox`,
  );
  const copies = Map.groupBy(mails, ({ parsed }) => parsed.messageId);
  return {
    arrived: copies.size,
    sentTwice: [...copies.values()].filter(({ length }) => length > 1).length,
    dead: Number(row?.dead),
    mostAttempts: Number(row?.most),
    senders: cluster.sites.filter((site) => site.output().includes('"event":"mail.sent"')).length,
  };
}
