import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { ACCEPTED, isAccepted, isOpen, type Visit } from './visitors.ts';

// Reads store and mailbox when all is quiet again and says which of the promises were broken.

/** Asks a lead database directly, past the product's own reading. */
export type Rows = (sql: string) => Promise<unknown[]>;

/** The file of a site, read while it runs or after its end. */
export function rowsOf(file: string): Rows {
  return async (sql) => {
    const database = new DatabaseSync(file, { timeout: 5000 });
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  };
}

/** All empty when every promise was kept. */
export type Broken = {
  /** Accepted answers that are not stored, or not in the order in which they were given. */
  lost: string[];
  /** Submission ids that became more than one lead. */
  doubled: string[];
  /** Stored although every answer was a refusal, or answers that nobody gave. */
  unasked: string[];
  /** Leads without exactly one mail for each recipient of each revision. */
  misaddressed: string[];
  /** Queued mails that never arrived. */
  undelivered: string[];
  /** Arrived mails that no queue knows: a copy under another Message-ID. */
  foreign: string[];
  /** Mails given up. */
  dead: string[];
  /** Answers that are neither thanks, nor the form again, nor the page that says it was not stored. */
  odd: (number | 'unknown')[];
  /** What `integrity_check` found. */
  damage: string[];
  /** What the site says of itself that is not so. */
  lies: string[];
};

export const UNBROKEN: Broken = {
  ...{ lost: [], doubled: [], unasked: [], misaddressed: [], undelivered: [] },
  ...{ foreign: [], dead: [], odd: [], damage: [], lies: [] },
};

export type Verdict = {
  accepted: number;
  /** Posts answered with 503. */
  refused: number;
  /** Posts that were not answered. */
  unanswered: number;
  leads: number;
  mails: number;
  /** Copies beyond the first, each under the Message-ID of the first. */
  extraCopies: number;
  slowestMs: number;
  broken: Broken;
};

const revisionRows = z.array(
  z.object({ submission_id: z.string(), id: z.string(), phone: z.string(), start: z.string(), state: z.string() }),
);
const mailRows = z.array(
  z.object({
    message_id: z.string(),
    lead_id: z.string(),
    kind: z.string(),
    state: z.string(),
    created_at: z.number(),
  }),
);
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Compares what the visitors were told with what `rows` holds and with the Message-IDs that arrived, once for each
 * copy. `agents` is how many people the team has.
 */
export async function check(visits: readonly Visit[], rows: Rows, arrivals: readonly string[], agents = 1) {
  const revisions = revisionRows.parse(
    await rows(`SELECT submission_id, leads.id AS id, phone, start, state FROM leads
      JOIN lead_revisions AS told ON told.lead_id = leads.id ORDER BY submission_id, leads.id, told.revision`),
  );
  const mails = mailRows.parse(await rows('SELECT message_id, lead_id, kind, state, created_at FROM outbox'));
  const stored = Map.groupBy(revisions, (row) => row.submission_id);
  const queued = Map.groupBy(mails, (mail) => mail.lead_id);
  const copies = Map.groupBy(arrivals, (messageId) => messageId);
  const known = new Set(mails.map((mail) => mail.message_id));
  const posts = visits.flatMap((visit) => visit.posts);
  const broken: Broken = {
    lost: visits.filter((visit) => !tellsInOrder(stored.get(visit.id) ?? [], visit)).map(({ id }) => id),
    doubled: [...stored].flatMap(([id, found]) => (new Set(found.map((row) => row.id)).size > 1 ? [id] : [])),
    unasked: visits.filter((visit) => !wasAsked(stored.get(visit.id) ?? [], visit)).map(({ id }) => id),
    misaddressed: [...stored].flatMap(([id, found]) =>
      found[0]?.state === 'new' && !isAddressed(queued.get(found[0].id) ?? [], found.length, agents) ? [id] : [],
    ),
    undelivered: mails.filter(({ message_id: id }) => !copies.has(id)).map((mail) => mail.message_id),
    foreign: [...copies.keys()].filter((messageId) => !known.has(messageId)),
    dead: mails.filter((mail) => mail.state === 'dead').map((mail) => mail.message_id),
    odd: posts.map(({ status }) => status).filter((status) => ![ACCEPTED, 422, 503, 'unknown'].includes(status)),
    damage: [],
    lies: [],
  };
  const verdict: Verdict = {
    accepted: visits.filter(isAccepted).length,
    refused: posts.filter(({ status }) => status === 503).length,
    unanswered: posts.filter(({ status }) => status === 'unknown').length,
    leads: stored.size,
    mails: mails.length,
    extraCopies: arrivals.length - copies.size,
    slowestMs: Math.max(0, ...posts.map(({ milliseconds }) => milliseconds)),
    broken,
  };
  return verdict;
}

type Told = { phone: string; start: string };
const isSame = (one: Told, other: Told): boolean => one.phone === other.phone && one.start === other.start;

/** Whether every accepted answer stands among the stored ones, in the order in which they were accepted. */
function tellsInOrder(stored: readonly Told[], { posts }: Visit): boolean {
  let at = 0;
  for (const { answers } of posts.filter(({ status }) => status === ACCEPTED)) {
    while (at < stored.length && !isSame(stored[at] ?? answers, answers)) at += 1;
    if (at >= stored.length) return false;
  }
  return true;
}

/** Whether every stored answer is one that was accepted, or whose fate its visitor was not told. */
function wasAsked(stored: readonly Told[], { posts }: Visit): boolean {
  const possible = posts.filter((post) => post.status === ACCEPTED || isOpen(post));
  return stored.every((row) => possible.some(({ answers }) => isSame(answers, row)));
}

/** One mail to each agent for each revision; to the visitor, whose address does not change, one a day by the store's clock. */
function isAddressed(
  mails: readonly { kind: string; created_at: number }[],
  revisions: number,
  agents: number,
): boolean {
  const { agent: toAgents = [], visitor: toVisitor = [] } = Object.groupBy(mails, ({ kind }) => kind);
  const days = toVisitor.map((mail) => mail.created_at).toSorted((one, other) => one - other);
  const isDaily = days.every((at, index) => index === 0 || at - (days[index - 1] ?? at) >= DAY_MS);
  return toAgents.length === agents * revisions && days.length > 0 && isDaily;
}

/** What SQLite itself says of the file; empty when it is sound. */
export async function damageOf(rows: Rows): Promise<string[]> {
  const found = z.array(z.object({ integrity_check: z.string() })).parse(await rows('PRAGMA integrity_check'));
  return found.map((row) => row.integrity_check).filter((line) => line !== 'ok');
}

/** Until no mail waits. @throws when some still do after `seconds`. */
export async function untilDrained(rows: Rows, seconds = 180): Promise<void> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const [row] = await rows(`SELECT count(*) AS waiting FROM outbox WHERE state = 'pending'`);
    const { waiting } = z.object({ waiting: z.coerce.number() }).parse(row);
    if (waiting === 0) return;
    if (performance.now() > end) throw new Error(`${waiting} mails still wait after ${seconds} s`);
    await pause(100);
  }
}
