import '#server-only';
import { parentPort, workerData } from 'node:worker_threads';
import { withoutPeople } from '#lib/log.ts';
import type { Addressing } from '../acceptance.ts';
import { StoreError, type StoreFault } from '../store-error.ts';
import { type Database, openDatabase, storeFault } from './database.ts';
import { perform } from './perform.ts';
import { type Answer, isRead, monotonicMs, type Request } from './protocol.ts';

// The thread that owns the connection, started by store-sqlite.ts. SQLite is synchronous: here a sync to disk or a
// lock held by another process makes only the store wait, never a page.

/** Writes committed together with one sync to disk. A bound on memory and on how long the lock is held. */
const LARGEST_GROUP = 256;
/** Pause before the next attempt at a lock that another process holds; reads are answered meanwhile. */
const LOCK_RETRY_MS = 25;
const LOG_RETRY_MS = 100;
const LOG_TRIES = 50;

const { file, ...addressing }: { file: string } & Addressing = workerData;
const reads: Request[] = [];
const writes: Request[] = [];
let database: Database | undefined;
let isWaitingForLock = false;
let isScheduled = false;

parentPort?.on('message', (request: Request) => {
  (isRead(request.name) ? reads : writes).push(request);
  schedule();
});

/** Immediate, not at once: requests that arrived together are all in the queue by then and share one commit. */
function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(work);
}

function work(): void {
  isScheduled = false;
  let isLocked = !answerReads();
  if (!isWaitingForLock) isLocked = !commitGroup() || isLocked;
  if (isLocked && !isWaitingForLock) {
    isWaitingForLock = true;
    setTimeout(() => {
      isWaitingForLock = false;
      schedule();
    }, LOCK_RETRY_MS);
  } else if (writes.length > 0 && !isWaitingForLock) {
    schedule();
  }
}

/** False when a lock was in the way. */
function answerReads(): boolean {
  for (let request = reads.shift(); request; request = reads.shift()) {
    try {
      answer({ id: request.id, value: perform(connect(), addressing, request) });
    } catch (error) {
      if (mayWait(error, request)) {
        reads.unshift(request);
        return false;
      }
      refuse([request], error);
    }
  }
  return true;
}

/**
 * Group commit: every write that waits, in one transaction; each is answered only after the commit. False when a lock
 * was in the way: then nothing happened and all wait on.
 */
function commitGroup(): boolean {
  const group = writes.splice(0, LARGEST_GROUP).filter((request) => {
    const late = request.deadline <= monotonicMs();
    if (late) refuse([request], new StoreError('locked', 'the lock was not free in time'));
    return !late;
  });
  if (group.length === 0) return true;
  const done: Answer[] = [];
  try {
    const db = connect();
    db.exec('BEGIN IMMEDIATE');
    for (const request of group) done.push(performAlone(db, request));
    db.exec('COMMIT');
  } catch (error) {
    if (database?.inTransaction) rollBack(database);
    if (storeFault(error) === 'locked') {
      writes.unshift(...group);
      return false;
    }
    refuse(group, error);
    return true;
  }
  const answerAll = () => {
    for (const one of done) answer(one);
  };
  if (group.some(({ name }) => name === 'erase' || name === 'purge')) emptyLog(answerAll);
  else answerAll();
  return true;
}

/**
 * What was erased still stands in the write-ahead log until its pages are copied and the log is cut, which waits for
 * other processes that are reading: a backup may take seconds. The erasure itself is committed; after the last try a
 * later checkpoint empties the log.
 */
function emptyLog(done: () => void, tries = LOG_TRIES): void {
  let isEmpty = true;
  try {
    isEmpty = database?.emptyLog() ?? true;
  } catch {
    // A disk that fails now fails the next request as well, which says so.
  }
  if (isEmpty || tries === 0) done();
  else setTimeout(emptyLog, LOG_RETRY_MS, done, tries - 1);
}

/** One write of a group: if it fails by itself, the others are not touched. */
function performAlone(db: Database, request: Request): Answer {
  db.exec('SAVEPOINT one');
  try {
    const value = perform(db, addressing, request);
    db.exec('RELEASE one');
    return { id: request.id, value };
  } catch (error) {
    // A full disk and the like end the whole transaction, not this write alone.
    if (storeFault(error) !== undefined || !db.inTransaction) throw error;
    db.exec('ROLLBACK TO one; RELEASE one');
    return failure(request, error);
  }
}

function connect(): Database {
  database ??= openDatabase(file);
  return database;
}

function mayWait(error: unknown, request: Request): boolean {
  return storeFault(error) === 'locked' && request.deadline > monotonicMs();
}

function refuse(requests: readonly Request[], error: unknown): void {
  const fault = storeFault(error);
  // A connection that met a fault may keep it (read-only stays read-only): the next request opens a new one. A full
  // disk is no such fault, and opening needs room, which reads would then lack.
  if (fault !== undefined && fault !== 'locked' && fault !== 'full') disconnect();
  for (const request of requests) answer(failure(request, error));
}

function failure(request: Request, error: unknown): Answer {
  const fault: StoreFault | undefined = storeFault(error);
  const message = error instanceof Error ? error.message : String(error);
  // `unsupported` is our own sentence, for the operator; what SQLite says may quote a row.
  return { id: request.id, fault: fault ?? 'bug', message: fault === 'unsupported' ? message : withoutPeople(message) };
}

function answer(value: Answer): void {
  parentPort?.postMessage(value);
}

function rollBack(db: Database): void {
  try {
    db.exec('ROLLBACK');
  } catch {
    // SQLite has rolled back by itself, or cannot: either way this connection is not trusted again.
    disconnect();
  }
}

function disconnect(): void {
  const closing = database;
  database = undefined;
  try {
    closing?.close();
  } catch {
    // Closing a broken connection may fail the same way; nothing was committed through it.
  }
}
