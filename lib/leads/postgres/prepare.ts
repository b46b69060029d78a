import '#server-only';
import { z } from 'zod';
import { StoreError } from '../store-error.ts';
import type { Connections, Outcome, Query } from './connections.ts';
import { MIGRATIONS } from './migrations.ts';

/** The oldest PostgreSQL that the tests run on. */
const OLDEST_MAJOR = 15;
/** Of the advisory lock that migrations wait for; any number that no other program on this database uses. */
const MIGRATION_LOCK = 4_270_581;
const MIGRATION_MS = 10 * 60_000;

const serverRow = z.object({
  version: z.number(),
  fsync: z.string(),
  encoding: z.string(),
  schema: z.string().nullable(),
});
const versionRow = z.object({ version: z.number() });

/**
 * Checks the server and brings the schema up to date. Several processes may do so at once; a kill at any moment leaves
 * the old version or the new.
 * @throws {StoreError} `unsupported` for a server that could lose a commit or garble a name, and for a newer schema.
 */
export async function prepare(connections: Connections, checkWithinMs: number): Promise<Outcome<void>> {
  const checked = await connections.use(checkWithinMs, isPrepared);
  if (checked.status === 'failed') return checked;
  return checked.value ? { status: 'done', value: undefined } : connections.use(MIGRATION_MS, migrate);
}

async function isPrepared(query: Query): Promise<boolean> {
  const { rows } = await query(`SELECT current_setting('server_version_num')::int AS version,
    current_setting('fsync') AS fsync, current_setting('server_encoding') AS encoding,
    to_regclass('lead_schema')::text AS schema`);
  const server = serverRow.parse(rows[0]);
  const major = Math.floor(server.version / 10_000);
  if (major < OLDEST_MAJOR) {
    throw new StoreError('unsupported', `PostgreSQL ${OLDEST_MAJOR}以上が必要です（いまは${major}）`);
  }
  if (server.fsync !== 'on') {
    throw new StoreError('unsupported', 'PostgreSQLの設定fsyncがoffのため、使いません。onにしてください');
  }
  if (server.encoding !== 'UTF8') {
    throw new StoreError(
      'unsupported',
      `データベースの文字コードがUTF8ではありません（${server.encoding}）。ENCODING 'UTF8'で作り直してください`,
    );
  }
  return server.schema !== null && (await readVersion(query)) === MIGRATIONS.length;
}

async function migrate(query: Query): Promise<void> {
  await query(`BEGIN; SET LOCAL statement_timeout = ${MIGRATION_MS}; SET LOCAL lock_timeout = ${MIGRATION_MS}`);
  await query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
  await query('CREATE TABLE IF NOT EXISTS lead_schema (version integer NOT NULL)');
  // Read under the lock: another process may have finished the same work meanwhile.
  const from = await readVersion(query);
  for (const step of MIGRATIONS.slice(from)) await query(step);
  await query('DELETE FROM lead_schema');
  await query('INSERT INTO lead_schema VALUES ($1)', [MIGRATIONS.length]);
  await query('COMMIT');
}

async function readVersion(query: Query): Promise<number> {
  const { rows } = await query('SELECT max(version) AS version FROM lead_schema HAVING count(*) > 0');
  const version = rows[0] === undefined ? 0 : versionRow.parse(rows[0]).version;
  if (version > MIGRATIONS.length) {
    throw new StoreError(
      'unsupported',
      `PostgreSQLのデータベースの版（${version}）がこのプログラムの版（${MIGRATIONS.length}）より新しいため、開きません。新しい版のプログラムで起動してください`,
    );
  }
  return version;
}
