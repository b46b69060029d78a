import '#server-only';
import { Pool, type PoolClient, type QueryResult, types } from 'pg';
import { StoreError } from '../store-error.ts';
import { type Failure, readFailure } from './faults.ts';

/** For each process: a server's default of 100 connections has room for several replicas and an operator. */
const CONNECTIONS = 8;

export type Value = string | number | null | readonly string[];
/** One statement, or several without values; the result is the last one's. */
export type Query = (sql: string, values?: readonly Value[]) => Promise<QueryResult<Record<string, unknown>>>;
export type Outcome<T> = { status: 'done'; value: T } | ({ status: 'failed' } & Failure);

export type Connections = {
  /**
   * Lends `work` a connection for at most `ms`, the wait for it included; then it is cut. One on which anything failed
   * is not used again: the server rolls back what it was at. What `work` throws by itself is thrown.
   */
  use<T>(ms: number, work: (query: Query) => Promise<T>): Promise<Outcome<T>>;
  close(): Promise<void>;
};

/** What comes of waiting for too long; nothing was changed. */
export const LATE: Outcome<never> = {
  status: 'failed',
  error: new StoreError('unreachable', 'PostgreSQL: no answer in time'),
  mayPass: true,
};

/** Few connections to one PostgreSQL, opened when needed. While none is in use they do not keep the process alive. */
export function openConnections(url: string): Connections {
  const pool = new Pool({
    connectionString: url,
    max: CONNECTIONS,
    allowExitOnIdle: true,
    keepAlive: true,
    application_name: 'leads',
    types: {
      getTypeParser: (oid, format) => (oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format)),
    },
  });
  // An idle connection that ends is taken out of the pool by itself; whoever needs one opens another.
  pool.on('error', ignore);

  /** Undefined when none was to be had in time. */
  async function connect(ms: number): Promise<PoolClient | undefined> {
    const connecting = pool.connect();
    const client = await within(ms, connecting);
    if (client === undefined) connecting.then((late) => late.release(), ignore);
    return client;
  }

  /** Where one connection has died without a word, the idle ones may have too. */
  function dropIdle(): void {
    for (let count = pool.idleCount; count > 0; count -= 1) pool.connect().then((idle) => idle.release(true), ignore);
  }

  return {
    async use(ms, work) {
      const end = performance.now() + ms;
      let client: PoolClient | undefined;
      try {
        client = await connect(ms);
      } catch (error) {
        return { status: 'failed', ...readFailure(error) };
      }
      if (client === undefined) return LATE;
      client.on('error', ignore);
      const timer = setTimeout(() => void client.end().catch(ignore), end - performance.now());
      let failure: Failure | undefined;
      try {
        const value = await work(async (sql, values = []) => {
          try {
            return last(await client.query(sql, [...values]));
          } catch (error) {
            failure = readFailure(error);
            throw failure.error;
          }
        });
        client.release();
        return { status: 'done', value };
      } catch (error) {
        client.release(true);
        if (failure === undefined) throw error;
        if (failure.mayPass) dropIdle();
        return { status: 'failed', ...failure };
      } finally {
        clearTimeout(timer);
        client.off('error', ignore);
      }
    },
    close: () => pool.end(),
  };
}

function ignore(): void {}

/** A text of several statements has several results, whatever the driver's types say. */
function last(result: QueryResult | QueryResult[]): QueryResult {
  const found = [result].flat().at(-1);
  if (found === undefined) throw new Error('a statement without a result');
  return found;
}

/** What a promise resolves with, undefined when that takes longer. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
