import '#server-only';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Fault } from '../schema.ts';
import { placeOf, type Source } from '../source.ts';
import type { Word } from './words.ts';

export type Proofreader = {
  /** The slips of one article by this dictionary, as warnings in no particular order. One article after the other. */
  read(source: Source, words: readonly Word[]): Promise<Fault[]>;
  close(): void;
};

/** Twenty times what a long article takes. */
const LIMIT_MS = 20_000;

/**
 * Reads articles with textlint in a thread of its own: a text that stalls a rule is given up after `limitMs` with a
 * warning of its own. The thread starts with the first article and holds 400 MB until `close`.
 */
export function openProofreader(limitMs = LIMIT_MS): Proofreader {
  let thread: Promise<Worker> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function start(): Promise<Worker> {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { execArgv: [] });
    await once(worker, 'message');
    return worker;
  }

  async function readOne(source: Source, words: readonly Word[]): Promise<Fault[]> {
    thread ??= start();
    const worker = await thread;
    worker.postMessage({ source, words });
    try {
      const [faults]: Fault[][] = await once(worker, 'message', { signal: AbortSignal.timeout(limitMs) });
      return faults ?? [];
    } catch (error) {
      thread = undefined;
      await worker.terminate();
      if (!(error instanceof Error && error.name === 'AbortError')) throw error;
      const message = '文章を読み終えられません（長い文と記号の並びを減らします）';
      return [{ ...placeOf(source, source.bodyStart), message, severity: 'warning' }];
    }
  }

  return {
    read(source, words) {
      const turn = last.then(() => readOne(source, words));
      last = turn.catch(() => undefined);
      return turn;
    },
    close() {
      // One that never started has failed whoever asked for it.
      void thread?.then((worker) => worker.terminate()).catch(() => undefined);
      thread = undefined;
    },
  };
}
