import '#server-only';
import { Worker } from 'node:worker_threads';
import { type Compiled, compile } from './compile.ts';
import { type Listing, listContent } from './folder.ts';
import type { Fault } from './schema.ts';
import { placeOf, type Source } from './source.ts';

/** The slow work on articles: compiling a body, looking a whole folder through. */
export type Workshop = {
  compile(source: Source): Promise<Compiled>;
  /** What `compile` would refuse, without carrying the compiled body over. */
  faultsOf(source: Source): Promise<Fault[]>;
  list(root: string): Promise<Listing>;
  close(): void;
};

/** Work on the spot, for commands and tests. */
export const onTheSpot: Workshop = {
  compile: async (source) => compile(source),
  faultsOf: async (source) => faultsOf(compile(source)),
  list: async (root) => listContent(root),
  close: () => undefined,
};

export type Task = { kind: 'compile' | 'faultsOf'; source: Source } | { kind: 'list'; root: string };

/** Longer than any honest article takes on a slow machine; a text made to stall a parser stays within it. */
const LIMIT_MS = 5000;

/**
 * Work in a thread of its own, one task after the other: a saved article costs the requests of the site nothing, and a
 * body that stalls the parser is given up after `limitMs` with a fault instead of stopping the process. Starts the
 * thread on first use; it does not keep the process alive.
 */
export function openWorkshop(limitMs = LIMIT_MS): Workshop {
  let worker: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function run<Outcome>(task: Task): Promise<Outcome | 'too slow'> {
    const turn = last.then(() => ask<Outcome>(task));
    last = turn.catch(() => undefined);
    return turn;
  }

  function ask<Outcome>(task: Task): Promise<Outcome | 'too slow'> {
    worker ??= new Worker(new URL('./workshop-thread.ts', import.meta.url), { execArgv: [] });
    const current = worker;
    current.unref();
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer);
        current.removeAllListeners();
        act();
      };
      const stop = (act: () => void) => {
        worker = undefined;
        settle(act);
        void current.terminate();
      };
      const timer = setTimeout(() => stop(() => resolve('too slow')), limitMs);
      current.once('message', (outcome: Outcome) => settle(() => resolve(outcome)));
      current.once('error', (error) => stop(() => reject(new Error('The article thread failed', { cause: error }))));
      current.once('exit', () => stop(() => reject(new Error('The article thread ended'))));
      current.postMessage(task);
    });
  }

  return {
    async compile(source) {
      const outcome = await run<Compiled>({ kind: 'compile', source });
      return outcome === 'too slow' ? { status: 'broken', faults: [tooSlow(source)] } : outcome;
    },
    async faultsOf(source) {
      const outcome = await run<Fault[]>({ kind: 'faultsOf', source });
      return outcome === 'too slow' ? [tooSlow(source)] : outcome;
    },
    async list(root) {
      const outcome = await run<Listing>({ kind: 'list', root });
      if (outcome === 'too slow') throw new Error(`Looking through ${root} took longer than ${limitMs} ms`);
      return outcome;
    },
    close() {
      void worker?.terminate();
      worker = undefined;
    },
  };
}

/** The faults of a compilation. */
export function faultsOf(compiled: Compiled): Fault[] {
  return compiled.status === 'broken' ? compiled.faults : [];
}

function tooSlow(source: Source): Fault {
  const message = '本文を読み終えられません（記号の並びと入れ子を減らすか、記事を分けます）';
  return { ...placeOf(source, source.bodyStart), message };
}
