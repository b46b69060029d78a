import { Client } from 'pg';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { isStoreError } from '#lib/leads/store-error.ts';
import { openPostgresStore } from '#lib/leads/store-postgres.ts';
import { type Postgres, startPostgres } from '../../support/postgres.ts';
import { AGENTS } from './stage.ts';

/** One PostgreSQL for the tests of a file; each makes databases of its own in it. */
export function postgresOfThisFile(): () => Postgres {
  let postgres: Postgres | undefined;
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 60_000);
  afterAll(() => postgres?.remove(), 60_000);
  return () => {
    if (postgres === undefined) throw new Error('PostgreSQL is not there outside of a test');
    return postgres;
  };
}

/** A store on a database, closed when the test ends. */
export function storeAt(url: string, options: { clock?: () => Date; answerWithinMs?: number } = {}) {
  const store = openPostgresStore({ url, agents: AGENTS, mailDomain: 'pmo.example.jp', ...options });
  onTestFinished(() => store.close());
  return store;
}

/** What an operator with `psql` sees and does. */
export async function operatorAt(url: string): Promise<Client> {
  const client = new Client(url);
  client.on('error', () => {});
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

export const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );

/** The fault that a store refused with; the error itself when it is of another kind. */
export const faultOf = async (promise: Promise<unknown>): Promise<unknown> => {
  const error = await errorOf(promise);
  return isStoreError(error) ? error.fault : error;
};
