import '#server-only';
import { parentPort } from 'node:worker_threads';
import type { Source } from '../source.ts';
import { proof } from './proof.ts';
import type { Word } from './words.ts';

// The entry of the thread that lib/articles/prose/proofreader.ts starts; nothing imports it.

/** Has every kind of word in it, so that all dictionaries are read before time is counted. */
const FIRST = 'この文を読むと、辞書がそろいます。';
await proof({ path: 'first.mdx', text: FIRST, bodyStart: 0 }, []);
parentPort?.on('message', async ({ source, words }: { source: Source; words: readonly Word[] }) => {
  parentPort?.postMessage(await proof(source, words));
});
parentPort?.postMessage('loaded');
