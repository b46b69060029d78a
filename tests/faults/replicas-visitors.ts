import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { postOnce, type ReadForm } from '../support/form-post.ts';
import type { Cluster } from './replicas-cluster.ts';

/** One submission: what came back, `unknown` when the connection was lost, and how long its visitor waited. */
export type Post = { id: string; status: number | 'unknown'; milliseconds: number };

/** Submits once; every id is another person's, with the same answers each time. */
export async function submit(form: ReadForm, id: string, agent?: Agent): Promise<Post & { location?: string }> {
  const asked = performance.now();
  const answers = { submission_id: id, email: `${id}@example.jp`, phone: '090-1234-5678' };
  const answer = await postOnce(form, answers, agent).catch(() => undefined);
  const milliseconds = performance.now() - asked;
  if (answer === undefined) return { id, status: 'unknown', milliseconds };
  return { id, status: answer.status, milliseconds, ...(answer.location ? { location: answer.location } : {}) };
}

/** People who register one after the other at every replica, `clients` at a time, until `isOver`. */
export async function visit(forms: readonly ReadForm[], clients: number, isOver: () => boolean): Promise<Post[]> {
  const agent = new Agent({ keepAlive: true });
  const posts: Post[] = [];
  const client = async (number: number) => {
    for (let count = number; !isOver(); count += 1) {
      const form = forms[count % forms.length];
      if (form) posts.push(await submit(form, randomUUID(), agent));
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  agent.destroy();
  return posts;
}

/** What a checker finds when all is quiet again. Everything but the first three lines is a broken promise. */
export type Verdict = {
  accepted: number;
  refused: number;
  /** Copies of mails beyond the first; each must be explained by a mark that was lost. */
  extraCopies: number;
  /** Answered with 303 and not stored. */
  lost: string[];
  /** Stored more than once. */
  doubled: string[];
  /** Refused or unanswered, tried again with the same id, and not accepted even then. */
  stuck: string[];
  /** Answers that are neither the thanks page nor the page that says it was not stored. */
  odd: (number | 'unknown')[];
  slowestMs: number;
  /** Leads whose two mails did not both arrive. */
  unwritten: string[];
};

/** Sends everybody who was refused through the form once more, waits for the mails, and compares history and store. */
export async function settle(cluster: Cluster, posts: readonly Post[]): Promise<Verdict> {
  const accepted = posts.filter(({ status }) => status === 303);
  const refused = posts.filter(({ status }) => status !== 303);
  const lost = await missing(
    cluster,
    accepted.map(({ id }) => id),
  );
  const form = cluster.forms[0];
  const stuck: string[] = [];
  for (const { id } of refused) {
    if (form && (await submit(form, id)).status !== 303) stuck.push(id);
  }
  await drained(cluster);
  const ids = posts.map(({ id }) => id);
  const stored = await cluster.query(
    'SELECT count(*) AS copies, submission_id FROM leads WHERE submission_id = ANY ($1) GROUP BY 2 HAVING count(*) > 1',
    ids,
  );
  const arrived = Map.groupBy(cluster.inbox.mails, ({ parsed }) => parsed.messageId ?? '');
  const rows = await cluster.query(
    `SELECT submission_id, array_agg(message_id) AS mails FROM outbox JOIN leads ON id = lead_id
     WHERE submission_id = ANY ($1) GROUP BY 1`,
    ids,
  );
  const written = new Map(rows.map(({ submission_id, mails }) => [String(submission_id), [mails].flat().map(String)]));
  return {
    accepted: accepted.length,
    refused: refused.length,
    extraCopies: [...arrived.values()].reduce((sum, copies) => sum + copies.length - 1, 0),
    lost,
    doubled: stored.map(({ submission_id }) => String(submission_id)),
    stuck,
    odd: refused.map(({ status }) => status).filter((status) => status !== 503),
    slowestMs: Math.max(...posts.map(({ milliseconds }) => milliseconds)),
    unwritten: ids.filter((id) => {
      const mails = written.get(id) ?? [];
      return mails.length !== 2 || mails.some((messageId) => !arrived.has(messageId));
    }),
  };
}

async function missing(cluster: Cluster, ids: readonly string[]): Promise<string[]> {
  const rows = await cluster.query('SELECT submission_id FROM leads WHERE submission_id = ANY ($1)', ids);
  const stored = new Set(rows.map(({ submission_id }) => submission_id));
  return ids.filter((id) => !stored.has(id));
}

const DRAIN_MS = 180_000;

/** Until no mail waits. */
export async function drained(cluster: Cluster): Promise<void> {
  const end = performance.now() + DRAIN_MS;
  for (;;) {
    const [row] = await cluster.query(`SELECT count(*) AS pending FROM outbox WHERE state = 'pending'`);
    if (row?.pending === 0) return;
    if (performance.now() > end) throw new Error(`${row?.pending} mails still wait after ${DRAIN_MS / 1000} s`);
    await new Promise((wake) => setTimeout(wake, 100));
  }
}
