import '#server-only';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Compiled } from './compile.ts';
import type { Listing } from './folder.ts';
import { openGallery } from './images/gallery.ts';
import type { Taken } from './images/picture.ts';
import type { Inspection } from './inspect.ts';
import type { Fault } from './schema.ts';
import { placeOf, type Source } from './source.ts';
import type { Look, Task, Workshop } from './workshop.ts';

// Apart from workshop.ts because the pages import that one: Next's bundler must not follow the thread's entry.

type Outcome = { status: 'done'; value: unknown } | { status: 'failed'; cause: unknown } | { status: 'given up' };

type Thread = { worker: Worker; settle: (outcome: Outcome) => void };

/** Some 30 MB are in use; the rest is for large articles. What needs more is given up like what takes too long. */
const OLD_GENERATION_MB = 256;
/** In a command that works through a thousand articles, more room for what is soon gone saves a sixth of the time. */
const YOUNG_GENERATION_MB = { site: 8, command: 128 };

/** Longer than any honest article takes on a slow machine; a text made to stall a parser stays within it. */
const LIMIT_MS = 5000;

/**
 * Work in a thread of its own, one task after the other: a saved article costs the requests of the site nothing, and a
 * body that stalls the parser is given up after `limitMs` with a fault instead of stopping the process. Starts the
 * thread on first use; it does not keep the process alive. Widths of pictures are kept in `pictures`; without that
 * folder pictures are only looked at.
 */
export function openWorkshop({
  pictures,
  limitMs = LIMIT_MS,
  use = 'site',
}: {
  pictures?: string;
  limitMs?: number;
  use?: keyof typeof YOUNG_GENERATION_MB;
} = {}): Workshop {
  const gallery = openGallery(pictures);
  let thread: Thread | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function start(): Thread {
    const worker = new Worker(new URL('./workshop-worker.ts', import.meta.url), {
      execArgv: [],
      resourceLimits: {
        maxOldGenerationSizeMb: OLD_GENERATION_MB,
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MB[use],
      },
    });
    const started: Thread = { worker, settle: () => undefined };
    worker.on('message', (value: unknown) => started.settle({ status: 'done', value }));
    worker.on('error', (cause) => {
      const isFull = 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
      started.settle(isFull ? { status: 'given up' } : { status: 'failed', cause });
    });
    worker.on('exit', () => {
      if (thread === started) thread = undefined;
      started.settle({ status: 'failed', cause: new Error('The thread ended') });
    });
    return started;
  }

  async function ask(task: Task): Promise<Outcome> {
    const isNew = thread === undefined;
    thread ??= start();
    const current = thread;
    // A reference while a task is under way: a command that only waits for it must not end before.
    current.worker.ref();
    // Its first message says that it has loaded; on a busy machine that takes longer than any task.
    let outcome = isNew ? await answerOf(current) : undefined;
    if (outcome?.status !== 'failed') {
      current.worker.postMessage(task);
      outcome = await answerOf(current, limitMs);
    }
    current.worker.unref();
    if (outcome.status !== 'done') {
      thread = undefined;
      await current.worker.terminate();
    }
    return outcome;
  }

  /** What the thread made of a task; undefined when it was given up. @throws when the thread itself failed. */
  async function run<Made>(task: Task): Promise<Made | undefined> {
    const turn = last.then(() => ask(task));
    last = turn;
    const outcome = await turn;
    if (outcome.status === 'failed') throw new Error('The article thread failed', { cause: outcome.cause });
    return outcome.status === 'done' ? (outcome.value as Made) : undefined;
  }

  return {
    async compile(source) {
      const outcome = await run<Compiled>({ kind: 'compile', source });
      return outcome ?? { status: 'broken', faults: [tooSlow(source)] };
    },
    async look(source) {
      const outcome = await run<Look>({ kind: 'look', source });
      return outcome ?? { faults: [tooSlow(source)], images: [] };
    },
    async inspect(source, figures) {
      const outcome = await run<Inspection>({ kind: 'inspect', source, figures });
      return outcome ?? { faults: [tooSlow(source)], links: [], ids: [], images: [] };
    },
    async list(root) {
      const outcome = await run<Listing>({ kind: 'list', root });
      if (!outcome) throw new Error(`Looking through ${root} took longer than ${limitMs} ms`);
      return outcome;
    },
    async take(file) {
      if (!file.endsWith('.svg')) return gallery.take(file);
      const outcome = await run<Taken>({ kind: 'drawing', file });
      const message = `図「${path.basename(file)}」を読み終えられません（線の点や飾りを減らします）`;
      return outcome ?? { status: 'faulty', messages: [message] };
    },
    tidy: gallery.tidy,
    close() {
      gallery.close();
      void thread?.worker.terminate();
      thread = undefined;
    },
  };
}

/** Two threads take the time that matters from a second core; each further one costs 100 MB more. */
const CREW = 2;

const NOTHING: Source = { path: '', text: '', bodyStart: 0 };

/** For commands: a workshop in which several threads share the inspections; the rest is done by the first of them. */
export function openCrew(): Workshop {
  const members = Array.from({ length: CREW }, () => ({ workshop: openWorkshop({ use: 'command' }), tasks: 0 }));
  const [{ workshop: first } = { workshop: openWorkshop() }] = members;
  // The threads load while their command still reads what it wants to ask them; a failure shows when it does.
  for (const { workshop } of members) workshop.inspect(NOTHING, []).catch(() => undefined);
  return {
    ...first,
    async inspect(source, figures) {
      const member = members.reduce((least, each) => (each.tasks < least.tasks ? each : least));
      member.tasks += 1;
      try {
        return await member.workshop.inspect(source, figures);
      } finally {
        member.tasks -= 1;
      }
    },
    close() {
      for (const { workshop } of members) workshop.close();
    },
  };
}

/** The next message of a thread, or why there will be none. */
async function answerOf(thread: Thread, limitMs?: number): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const outcome = await new Promise<Outcome>((resolve) => {
    thread.settle = resolve;
    if (limitMs !== undefined) timer = setTimeout(() => resolve({ status: 'given up' }), limitMs);
  });
  clearTimeout(timer);
  return outcome;
}

function tooSlow(source: Source): Fault {
  const message = '本文を読み終えられません（記号の並びと入れ子を減らすか、記事を分けます）';
  return { ...placeOf(source, source.bodyStart), message };
}
