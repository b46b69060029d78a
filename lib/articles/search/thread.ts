import '#server-only';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { type IndexedArticle, openArticleIndex } from './article-index.ts';
import type { Wanted } from './query.ts';

export type Question =
  /** What is put can be found, but is only built into the index after `built` was asked: that would hold up the rest. */
  | { kind: 'change'; put: IndexedArticle[]; remove: string[] }
  | { kind: 'search'; wanted: Wanted; offset: number; limit: number }
  | { kind: 'count'; questions: (readonly string[])[] }
  /** Answered when everything that was put before is built into the index. */
  | { kind: 'built' };
export type Answer = { id: number; value: unknown };

/** For so long the index is built on before the next question is looked for. */
const SLICE_MS = 20;
/** A question waits so long for what was put to be built in, before the rest is read through for it. */
const PATIENCE_MS = 500;

// The entry of the thread that ./index-thread.ts starts; nothing else runs it.
const index = openArticleIndex();
let building: Promise<void> | undefined;

async function build(): Promise<void> {
  do await nextTurn();
  while (!index.build(SLICE_MS));
  building = undefined;
}

async function perform(question: Question): Promise<unknown> {
  switch (question.kind) {
    case 'change':
      for (const slug of question.remove) index.remove(slug);
      for (const article of question.put) index.put(article);
      return undefined;
    case 'search':
      if (building !== undefined) await Promise.race([building, pause(PATIENCE_MS)]);
      return index.search(question.wanted, question.offset, question.limit);
    case 'count':
      return question.questions.map((terms) => index.count(terms));
    case 'built':
      building ??= build();
      return building;
  }
}

parentPort?.on('message', async ({ id, question }: { id: number; question: Question }) => {
  parentPort?.postMessage({ id, value: await perform(question) } satisfies Answer);
});
