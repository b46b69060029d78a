import '#server-only';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ArticleIndex } from './article-index.ts';
import type { Answer, Question } from './thread.ts';

/** What the thread answers to each kind of question. */
type Answers = {
  change: undefined;
  search: ReturnType<ArticleIndex['search']>;
  count: number[];
  built: undefined;
};

export type IndexThread = {
  /** @throws when the thread ends before it answers. */
  ask<Kind extends Question['kind']>(question: Extract<Question, { kind: Kind }>): Promise<Answers[Kind]>;
  close(): Promise<void>;
};

// A path put together while running, hidden from Turbopack: see lib/leads/store-sqlite.ts.
const threadFile = () => path.join(/* turbopackIgnore: true */ process.cwd(), 'lib', 'articles', 'search', 'thread.ts');

/**
 * What the thread keeps lies in SQLite; its own heap holds one batch of articles. Without a limit V8 lets it grow to
 * 150 MB while 10,000 articles are taken up, and keeps them.
 */
const MEMORY_LIMIT = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 };

type Waiting = { resolve(value: unknown): void; reject(error: Error): void };

/**
 * The article index in a thread of its own, so that neither building nor searching holds up a request. Started by the
 * first question; does not keep the process alive when nothing is asked. After it ended, whatever the reason, `onEnd`
 * is called and the next question starts an empty one.
 */
export function openIndexThread(onEnd: () => void): IndexThread {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let thread: Worker | undefined;

  function start(): Worker {
    const worker = new Worker(threadFile(), { execArgv: [], name: 'article-index', resourceLimits: MEMORY_LIMIT });
    let cause: unknown;
    worker.on('message', ({ id, value }: Answer) => {
      waiting.get(id)?.resolve(value);
      waiting.delete(id);
      if (waiting.size === 0) worker.unref();
    });
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', () => {
      thread = undefined;
      onEnd();
      for (const { reject } of waiting.values()) reject(new Error('the thread of the article index ended', { cause }));
      waiting.clear();
    });
    return worker;
  }

  return {
    ask: (question) =>
      new Promise<unknown>((resolve, reject) => {
        thread ??= start();
        const id = ++lastId;
        waiting.set(id, { resolve, reject });
        thread.ref();
        thread.postMessage({ id, question });
      }) as Promise<Answers[typeof question.kind]>,
    async close() {
      await thread?.terminate();
    },
  };
}
