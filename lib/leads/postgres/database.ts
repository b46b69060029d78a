import '#server-only';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { storable } from '../acceptance.ts';
import { LATE, type Outcome, openConnections, type Query, type Value, within } from './connections.ts';
import { prepare } from './prepare.ts';

/** What one try may take: a connection that hangs leaves time for another. */
const TRY_MS = 4000;
/** Less time is not worth another try: it would only end by the clock, and hide why the last one failed. */
const LEAST_TRY_MS = 250;
/** A lock is waited for this share of a try: then it is certain that nothing was changed. */
const LOCK_SHARE = 0.8;
/** The server ends a transaction whose client has gone silent for longer than a try: its locks stop the others. */
const SILENCE_MS = 5000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 500;

/** A transaction under way. Rows are `unknown` until a schema has read them; `bigint` columns are numbers. */
export type Session = {
  /** The store's clock when the transaction began. */
  now: number;
  get(sql: string, ...values: Value[]): Promise<unknown>;
  all(sql: string, ...values: Value[]): Promise<unknown[]>;
  /** Number of rows changed. */
  run(sql: string, ...values: Value[]): Promise<number>;
};

type Work<T> = (session: Session) => Promise<T>;

export type Database = {
  /** What `work` reads is of one moment. */
  read<T>(work: Work<T>): Promise<T>;
  /**
   * Runs `work` and commits, synced to the server's disk. It is run again after a lost connection, a restart of the
   * server or a deadlock while there is time, and where the commit's answer was lost if it is `repeatable`.
   */
  write<T>(work: Work<T>, options?: { repeatable: boolean }): Promise<T>;
  close(): Promise<void>;
};

export type DatabaseOptions = {
  url: string;
  /** By default the database's own clock. */
  clock: (() => Date) | undefined;
  answerWithinMs: number;
};

const clockRow = z.object({ now: z.number() });

/** Nothing is connected before the first request; then the server is checked and the schema brought up to date. */
export function openDatabase({ url, clock, answerWithinMs }: DatabaseOptions): Database {
  const connections = openConnections(url);
  const prepared = keepOnceDone(() => prepare(connections, TRY_MS));

  async function attempt<T>(ms: number, begin: string, work: Work<T>, progress: { committing: boolean }) {
    const end = performance.now() + ms;
    const opened = (await within(ms, prepared())) ?? LATE;
    if (opened.status === 'failed') return opened;
    return connections.use(end - performance.now(), async (query) => {
      const { rows } = await query(`${begin}; ${settings(end - performance.now())}`);
      const { now } = clockRow.parse(rows[0]);
      const value = await work(openSession(query, clock?.().getTime() ?? now));
      progress.committing = true;
      const { command } = await query('COMMIT');
      // What PostgreSQL answers to the commit of a transaction that has failed; it is no error to it.
      if (command !== 'COMMIT') throw new Error(`PostgreSQL: ${command} instead of COMMIT`);
      return value;
    });
  }

  async function transact<T>(begin: string, work: Work<T>, isRepeatable: boolean): Promise<T> {
    const end = performance.now() + answerWithinMs;
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(2 * wait, LONGEST_PAUSE_MS)) {
      const progress = { committing: false };
      const outcome = await attempt(Math.min(TRY_MS, end - performance.now()), begin, work, progress);
      if (outcome.status === 'done') return outcome.value;
      const mayRepeat = outcome.mayPass && (isRepeatable || !progress.committing);
      if (!mayRepeat || performance.now() + wait + LEAST_TRY_MS >= end) throw outcome.error;
      await pause(wait);
    }
  }

  return {
    read: (work) => transact('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', work, true),
    write: (work, { repeatable } = { repeatable: true }) =>
      transact('BEGIN ISOLATION LEVEL READ COMMITTED', work, repeatable),
    close: connections.close,
  };
}

/** Makes a value once however often it is asked for; what failed is made anew the next time. */
function keepOnceDone(make: () => Promise<Outcome<void>>): () => Promise<Outcome<void>> {
  let kept: Promise<Outcome<void>> | undefined;
  const forget = () => {
    kept = undefined;
  };
  return () => {
    if (kept === undefined) {
      kept = make();
      kept.then(({ status }) => status === 'failed' && forget(), forget);
    }
    return kept;
  };
}

/** Set in each transaction: a pooler in between may give every one another connection. */
function settings(msLeft: number): string {
  const ms = Math.max(1, msLeft);
  return `SET LOCAL statement_timeout = ${Math.ceil(ms)};
    SET LOCAL lock_timeout = ${Math.ceil(ms * LOCK_SHARE)};
    SET LOCAL idle_in_transaction_session_timeout = ${SILENCE_MS};
    SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off';
    SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now`;
}

/** How `work` speaks to a connection on which a transaction has begun. */
export function openSession(query: Query, now: number): Session {
  const ask = (sql: string, values: readonly Value[]) => query(sql, values.map(bound));
  return {
    now,
    get: async (sql, ...values) => (await ask(sql, values)).rows[0],
    all: async (sql, ...values) => (await ask(sql, values)).rows,
    run: async (sql, ...values) => (await ask(sql, values)).rowCount ?? 0,
  };
}

/** Rows as a value for `json_populate_recordset`. */
export function asJson(rows: readonly object[]): string {
  return JSON.stringify(rows, (_column, value: unknown) => (typeof value === 'string' ? storable(value) : value));
}

function bound(value: Value): Value {
  if (typeof value === 'string') return storable(value);
  return typeof value === 'object' && value !== null ? value.map(storable) : value;
}
