import '#server-only';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Answer, monotonicMs, type Request } from './sqlite/protocol.ts';
import type { LeadStore } from './store.ts';
import { StoreError } from './store-error.ts';

// Started by a path that is put together while running: Turbopack bundles this file into Next's pages too and would
// make a `new URL('…', import.meta.url)` point to a chunk that does not exist. The path is hidden from it as well, or
// it would trace the whole project into its output.
const threadFile = () => path.join(/* turbopackIgnore: true */ process.cwd(), 'lib', 'leads', 'sqlite', 'worker.ts');
/** Of the time for an answer, the share in which a write may wait for its turn: the rest is for doing it. */
const TURN_SHARE = 0.8;
const NODE_MAJOR = '24';

export type SqliteStoreOptions = {
  /** Absolute path of the database; folder and file are made when missing, readable by the owner only. */
  file: string;
  /** The team: each gets every lead in a mail of its own. */
  agents: readonly string[];
  /** Right half of every Message-ID. */
  mailDomain: string;
  /** The store's clock, by which mails fall due and leases end. */
  clock?: () => Date;
  /** A request that takes longer is refused. */
  answerWithinMs?: number;
};

type Waiting = { resolve(value: unknown): void; reject(error: Error): void; timer: NodeJS.Timeout };

/**
 * Leads in one SQLite file (WAL, synced at every commit) behind a thread of its own, so that a slow disk or a locked
 * database never stops the event loop. Nothing is opened before the first request; after a fault of the disk the next
 * request opens anew. While no request is under way, it does not keep the process alive.
 * @throws {StoreError} `unsupported` on a Node that the store was not tested with.
 */
export function openSqliteStore(options: SqliteStoreOptions): LeadStore {
  const { clock = () => new Date(), answerWithinMs = 10_000, ...workerData } = options;
  if (process.versions.node.split('.')[0] !== NODE_MAJOR) {
    throw new StoreError('unsupported', `Node.js ${NODE_MAJOR}が必要です（いまは${process.versions.node}）`);
  }
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<() => void>();
  let lastId = 0;
  let thread: Worker | undefined;

  const settle = (id: number, finish: (request: Waiting) => void): void => {
    const request = waiting.get(id);
    if (!request) return;
    waiting.delete(id);
    clearTimeout(request.timer);
    if (waiting.size === 0) thread?.unref();
    finish(request);
  };

  const start = (): Worker => {
    const worker = new Worker(threadFile(), { workerData, execArgv: [], name: 'lead-store' });
    worker.on('message', (answer: Answer) =>
      settle(answer.id, ({ resolve, reject }) => ('value' in answer ? resolve(answer.value) : reject(toError(answer)))),
    );
    let cause: unknown;
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', () => {
      if (thread !== worker) return;
      thread = undefined;
      const error = new StoreError('unreachable', 'the thread of the store ended', { cause });
      for (const id of waiting.keys()) settle(id, ({ reject }) => reject(error));
    });
    return worker;
  };

  /** Method names and their parameters go to the thread as they are; what comes back is what it promised. */
  const ask = <Name extends Request['name']>(name: Name, ...args: Parameters<LeadStore[Name]>) =>
    new Promise<unknown>((resolve, reject) => {
      thread ??= start();
      const id = ++lastId;
      const late = () =>
        settle(id, () => reject(new StoreError('unreachable', `no answer to ${name} within ${answerWithinMs} ms`)));
      waiting.set(id, { resolve, reject, timer: setTimeout(late, answerWithinMs) });
      thread.ref();
      thread.postMessage({
        id,
        name,
        args,
        now: clock().getTime(),
        deadline: monotonicMs() + answerWithinMs * TURN_SHARE,
      });
    }) as ReturnType<LeadStore[Name]>;

  const tellListeners = <T>(result: T): T => {
    for (const listener of listeners) listener();
    return result;
  };

  return {
    accept: async (lead) => tellListeners(await ask('accept', lead)),
    amend: async (leadId, amendment, at) => tellListeners(await ask('amend', leadId, amendment, at)),
    claimDue: (limit, leaseSeconds, except) => ask('claimDue', limit, leaseSeconds, except),
    markSent: (messageId) => ask('markSent', messageId),
    markFailed: (token, note, retryAfterSeconds) => ask('markFailed', token, note, retryAfterSeconds),
    markDead: (token, note) => ask('markDead', token, note),
    watch: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    find: (idOrNumber) => ask('find', idOrNumber),
    history: (idOrNumber) => ask('history', idOrNumber),
    list: (page) => ask('list', page),
    condition: () => ask('condition'),
    resend: async (idOrNumber) => tellListeners(await ask('resend', idOrNumber)),
    release: async (idOrNumber) => tellListeners(await ask('release', idOrNumber)),
    erase: (email) => ask('erase', email),
    purge: (before, limit, withdrawnBefore) => ask('purge', before, limit, withdrawnBefore),
    removals: () => ask('removals'),
    forgetRemovals: (messageIds) => ask('forgetRemovals', messageIds),
    close: async () => {
      while (waiting.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
      const closing = thread;
      thread = undefined;
      await closing?.terminate();
    },
  };
}

function toError({ fault, message }: Extract<Answer, { message: string }>): Error {
  return fault === 'bug' ? new Error(message) : new StoreError(fault, message);
}
