import '#server-only';
import fs from 'node:fs';
import { z } from 'zod';
import { idRow } from '../rows.ts';
import type { LeadRecord } from '../schema.ts';
import { type DatabaseToMove, openToMove } from '../sqlite/database.ts';
import * as sqlite from '../sqlite/records.ts';
import { type Outcome, openConnections } from './connections.ts';
import { asJson, openSession, type Session } from './database.ts';
import { prepare } from './prepare.ts';
import { findAll, history } from './records.ts';

const AT_ONCE = 500;
const CONNECT_MS = 10_000;
const LONGEST_MS = 24 * 60 * 60_000;

const tableRow = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));
type TableRow = z.infer<typeof tableRow>;
const keyValue = z.union([z.string(), z.number()]);

// Without statistics of `moving` the planner would read all of it for every batch.
const BEGIN = `BEGIN;
  SET LOCAL statement_timeout = 0; SET LOCAL synchronous_commit = on;
  SET LOCAL idle_in_transaction_session_timeout = 60000;
  SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = off;
  CREATE TEMPORARY TABLE moving (id text COLLATE "C" PRIMARY KEY) ON COMMIT DROP`;

/**
 * `leads`: in the file, of them `moved` now; the others were in PostgreSQL already. `mails`: moved with them.
 * `different`: nothing was moved, because what arrived is not what was sent, first for the lead with this number.
 * `in-use`: a process has the file open. `nothing`: there is no such file.
 */
export type Moved =
  | { status: 'moved'; leads: number; moved: number; mails: number }
  | { status: 'different'; number: string }
  | { status: 'in-use' | 'nothing' };

/**
 * Moves every lead of a SQLite file, with its corrections, mails and their state, into PostgreSQL in one transaction:
 * all of them or none, compared before they are committed. May be killed at any moment and run again; what is in
 * PostgreSQL already is left as it is there. Afterwards the file is refused by a site without `DATABASE_URL`.
 * @throws {StoreError}
 */
export async function moveToPostgres({ file, url }: { file: string; url: string }): Promise<Moved> {
  if (!fs.existsSync(file)) return { status: 'nothing' };
  const source = openToMove(file);
  if (source === undefined) return { status: 'in-use' };
  const connections = openConnections(url);
  try {
    need(await prepare(connections, CONNECT_MS));
    return need(
      await connections.use(LONGEST_MS, async (query) => {
        await query(BEGIN);
        const target = openSession(query, Date.now());
        const mails = await copy(source, target);
        const compared = await compare(source, target);
        if (compared.status === 'different') {
          await query('ROLLBACK');
          return compared;
        }
        // Before the commit: were it afterwards, a kill in between could leave two stores that both send.
        source.markMoved();
        await query('COMMIT');
        return { ...compared, mails };
      }),
    );
  } finally {
    source.close();
    await connections.close();
  }
}

function need<T>(outcome: Outcome<T>): T {
  if (outcome.status === 'failed') throw outcome.error;
  return outcome.value;
}

/** Copies rows as they are, of leads that PostgreSQL does not know; `moving` names those. Returns how many mails. */
async function copy(source: DatabaseToMove, target: Session): Promise<number> {
  for (const rows of batches(source, 'leads', 'id', '')) {
    await target.run(
      `WITH arriving AS (
         INSERT INTO leads (${columns(rows)}) SELECT ${columns(rows, leadColumn)}
         FROM json_populate_recordset(NULL::leads, $1) AS sent ON CONFLICT (id) DO NOTHING RETURNING id)
       INSERT INTO moving SELECT id FROM arriving`,
      asJson(rows),
    );
    const ids = rows.map((row) => idRow.parse(row).id);
    const revisions = source.all(
      'SELECT * FROM lead_revisions WHERE lead_id IN (SELECT value FROM json_each(?))',
      JSON.stringify(ids),
    );
    await insertMoving(target, 'lead_revisions', z.array(tableRow).parse(revisions));
  }
  let mails = 0;
  for (const rows of batches(source, 'outbox', 'seq', 0)) mails += await insertMoving(target, 'outbox', rows);
  for (const rows of batches(source, 'mail_removals', 'message_id', '')) {
    await target.run(
      `INSERT INTO mail_removals SELECT message_id FROM json_populate_recordset(NULL::mail_removals, $1)
       ON CONFLICT DO NOTHING`,
      asJson(rows),
    );
  }
  return mails;
}

/** A table's rows in the order of `key`, in constant memory. */
function* batches(source: DatabaseToMove, table: string, key: string, first: string | number): Generator<TableRow[]> {
  for (let from: unknown = first; ; ) {
    const rows = z
      .array(tableRow)
      .parse(
        source.all(`SELECT * FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ?`, keyValue.parse(from), AT_ONCE),
      );
    if (rows.length === 0) return;
    yield rows;
    from = rows.at(-1)?.[key];
  }
}

/** Numbers drawn anew (`seq`) follow the order of the rows: the oldest mail stays the first. */
function insertMoving(target: Session, table: string, rows: readonly TableRow[]): Promise<number> {
  const order = table === 'outbox' ? 'ORDER BY sent.seq' : '';
  return target.run(
    `INSERT INTO ${table} (${columns(rows)}) SELECT ${columns(rows, (name) => `sent.${name}`)}
     FROM json_populate_recordset(NULL::${table}, $1) AS sent JOIN moving ON moving.id = sent.lead_id ${order}`,
    asJson(rows),
  );
}

function columns(rows: readonly TableRow[], write = (name: string) => name): string {
  return Object.keys(rows[0] ?? {})
    .filter((name) => name !== 'seq')
    .map(write)
    .join(', ');
}

/** A form that was sent to both stores, first here and again there, is two leads; its id belongs to the one there. */
function leadColumn(name: string): string {
  if (name !== 'submission_id') return `sent.${name}`;
  return `CASE WHEN NOT EXISTS (SELECT 1 FROM leads WHERE leads.submission_id = sent.submission_id)
    THEN sent.submission_id END`;
}

type Compared = { status: 'moved'; leads: number; moved: number } | { status: 'different'; number: string };

/** Whether every lead of the file is in PostgreSQL, and those that are `moving` say the same there. */
async function compare(source: DatabaseToMove, target: Session): Promise<Compared> {
  let [leads, moved] = [0, 0];
  let next: string | undefined;
  do {
    const page = sqlite.list(source, AT_ONCE, next);
    const ids = page.leads.map(({ id }) => id);
    const arrived = new Map((await findAll(target, ids)).map((lead) => [lead.id, lead]));
    const rows = await target.all('SELECT id FROM moving WHERE id = ANY ($1)', ids);
    const moving = new Set(rows.map((row) => idRow.parse(row).id));
    for (const lead of page.leads) {
      const other = arrived.get(lead.id);
      if (other === undefined || (moving.has(lead.id) && !(await saysTheSame(source, target, lead, other)))) {
        return { status: 'different', number: lead.number };
      }
    }
    leads += ids.length;
    moved += moving.size;
    next = page.next;
  } while (next !== undefined);
  return { status: 'moved', leads, moved };
}

async function saysTheSame(source: DatabaseToMove, target: Session, lead: LeadRecord, other: LeadRecord) {
  if (asJson([lead]) !== asJson([other])) return false;
  if (lead.state === 'erased' || lead.revision === 1) return true;
  return asJson(sqlite.history(source, lead.id)) === asJson(await history(target, lead.id));
}
