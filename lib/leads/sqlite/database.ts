import '#server-only';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { storable } from '../acceptance.ts';
import { StoreError, type StoreFault } from '../store-error.ts';
import { MIGRATIONS } from './migrations.ts';

/** Below it, a WAL reset while another process writes can lose a commit (fixed in SQLite 3.51.3). */
const OLDEST_SQLITE = [3, 51, 3] as const;
/** How long one attempt at the writer's lock blocks the store's thread; reads wait behind it. */
const BUSY_MS = 20;
/** A write-ahead log that grew in a burst is cut back to this. */
const LOG_LIMIT_BYTES = 64 * 1024 * 1024;

/** Stands in the file's header (`application_id`) once its leads are in PostgreSQL. */
const MOVED = 0x6d6f7664;

/** An open database: statements are prepared once each; rows are `unknown` until a schema has read them. */
export type Database = {
  get(sql: string, ...values: SQLInputValue[]): unknown;
  all(sql: string, ...values: SQLInputValue[]): unknown[];
  /** Number of rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number;
  exec(sql: string): void;
  /** Copies the write-ahead log into the database and cuts it to nothing; false while another process is reading. */
  emptyLog(): boolean;
  readonly inTransaction: boolean;
  close(): void;
};

/**
 * Opens the database at `file`, made (owner only) and brought up to date where needed. Two processes may do so at once,
 * and a kill at any moment leaves the old version or the new.
 * @throws {StoreError} `unsupported` when SQLite is too old, the database is newer than this code or its leads have
 * been moved to PostgreSQL.
 */
export function openDatabase(file: string): Database {
  const connection = connect(file);
  if (isMoved(connection)) {
    connection.close();
    throw new StoreError(
      'unsupported',
      `${file}: 登録はPostgreSQLへ移しました。DATABASE_URLを設定して起動してください`,
    );
  }
  return toDatabase(connection);
}

/** A database that nobody else has open or can open until it is closed, so that its leads can be moved away. */
export type DatabaseToMove = Database & {
  /** From now on it is refused everywhere but here: a site on it would send its mails a second time. */
  markMoved(): void;
};

/** Undefined when another process has the database open. @throws {StoreError} as `openDatabase`, moved or not. */
export function openToMove(file: string): DatabaseToMove | undefined {
  let connection: DatabaseSync | undefined;
  try {
    connection = connect(file);
    connection.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
  } catch (error) {
    connection?.close();
    if (storeFault(error) === 'locked') return undefined;
    throw error;
  }
  const markMoved = () => connection.exec(`PRAGMA application_id = ${MOVED}`);
  return Object.assign(toDatabase(connection), { markMoved });
}

function connect(file: string): DatabaseSync {
  makePrivate(file);
  const connection = new DatabaseSync(file, { timeout: BUSY_MS, enableForeignKeyConstraints: true });
  try {
    requireSqlite(connection);
    // FULL: a commit is on the disk, not in a cache, when COMMIT returns. secure_delete: what was erased is gone.
    connection.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA secure_delete = ON;
      PRAGMA journal_size_limit = ${LOG_LIMIT_BYTES};
    `);
    migrate(connection, file);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function isMoved(connection: DatabaseSync): boolean {
  const { application_id } = z
    .object({ application_id: z.number() })
    .parse(connection.prepare('PRAGMA application_id').get());
  return application_id === MOVED;
}

function toDatabase(connection: DatabaseSync): Database {
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known) return known;
    const made = connection.prepare(sql);
    statements.set(sql, made);
    return made;
  };
  return {
    get: (sql, ...values) => prepare(sql).get(...values.map(bound)),
    all: (sql, ...values) => prepare(sql).all(...values.map(bound)),
    run: (sql, ...values) => Number(prepare(sql).run(...values.map(bound)).changes),
    exec: (sql) => connection.exec(sql),
    emptyLog: () =>
      z.object({ busy: z.number() }).parse(connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()).busy === 0,
    get inTransaction() {
      return connection.isTransaction;
    },
    close: () => connection.close(),
  };
}

const bound = (value: SQLInputValue): SQLInputValue => (typeof value === 'string' ? storable(value) : value);

/** The file, readable by its owner only (SQLite gives its log files the same rights), and its name on the disk. */
function makePrivate(file: string): void {
  const folder = path.dirname(file);
  if (!fs.existsSync(file)) {
    const made = fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.closeSync(fs.openSync(file, 'a', 0o600));
    syncFolder(folder);
    if (made !== undefined) syncFolder(path.dirname(made));
  } else if ((fs.statSync(file).mode & 0o077) !== 0) {
    fs.chmodSync(file, 0o600);
  }
}

function syncFolder(folder: string): void {
  const handle = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

function requireSqlite(connection: DatabaseSync): void {
  const { version } = z
    .object({ version: z.string() })
    .parse(connection.prepare('SELECT sqlite_version() AS version').get());
  const parts = version.split('.').map(Number);
  const first = OLDEST_SQLITE.findIndex((wanted, index) => parts[index] !== wanted);
  if (first !== -1 && (parts[first] ?? 0) < (OLDEST_SQLITE[first] ?? 0)) {
    throw new StoreError('unsupported', `SQLite ${OLDEST_SQLITE.join('.')}以上が必要です（いまは${version}）`);
  }
}

function migrate(connection: DatabaseSync, file: string): void {
  const version = () =>
    z.object({ user_version: z.number() }).parse(connection.prepare('PRAGMA user_version').get()).user_version;
  if (version() === MIGRATIONS.length) return;
  connection.exec('BEGIN IMMEDIATE');
  try {
    // Read again under the lock: another process may have finished the same work meanwhile.
    const from = version();
    if (from > MIGRATIONS.length) {
      throw new StoreError(
        'unsupported',
        `${file}: データベースの版（${from}）がこのプログラムの版（${MIGRATIONS.length}）より新しいため、開きません。新しい版のプログラムで起動してください`,
      );
    }
    for (const step of MIGRATIONS.slice(from)) connection.exec(step);
    connection.exec(`PRAGMA user_version = ${MIGRATIONS.length}; COMMIT`);
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

// Primary result codes (https://www.sqlite.org/rescode.html); the extended code has them in its low byte.
const FAULTS: Record<number, StoreFault> = {
  5: 'locked',
  6: 'locked',
  8: 'read-only',
  10: 'damaged',
  11: 'damaged',
  13: 'full',
  14: 'read-only',
  26: 'damaged',
};
const FILE_FAULTS: Record<string, StoreFault> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EROFS: 'read-only',
  EACCES: 'read-only',
};

/** Why SQLite or the file system refused; `undefined` for an error that is a bug. */
export function storeFault(error: unknown): StoreFault | undefined {
  if (error instanceof StoreError) return error.fault;
  if (!(error instanceof Error)) return undefined;
  if ('errcode' in error && typeof error.errcode === 'number') return FAULTS[error.errcode & 0xff];
  if ('code' in error && typeof error.code === 'string')
    return (
      FILE_FAULTS[error.code] ?? (error.code.startsWith('E') && !error.code.startsWith('ERR_') ? 'damaged' : undefined)
    );
  return undefined;
}
