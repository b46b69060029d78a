import '#server-only';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { displayPath, readText } from '../folder.ts';
import { type Read, readYaml } from '../source.ts';

/** A spelling that the site has settled on, and those that stand for it in first drafts. */
export type Word = { write: string; not: string[] };

const NO_WORDS = '書き方の並びがありません（「- write: 正しい書き方」の下の行に「not: [直す書き方]」を書きます）';
const filled = z.string({ error: NO_WORDS }).min(1, NO_WORDS);
const wrong = filled.refine(isPattern, '正規表現として読めません（記号の前に「\\」を書くか、「/」で囲むのをやめます）');
const wordsSchema = z.array(
  z.strictObject({ write: filled, not: z.array(wrong, { error: NO_WORDS }).min(1, NO_WORDS) }, { error: NO_WORDS }),
  { error: NO_WORDS },
);

/** Whether a text between slashes is a regular expression, as prh takes it. */
function isPattern(text: string): boolean {
  const [, pattern] = /^\/(.+)\/$/.exec(text) ?? [];
  if (pattern === undefined) return true;
  try {
    return Boolean(new RegExp(pattern, 'u'));
  } catch {
    return false;
  }
}

/** The layers that come with the code; what the house has settled for itself stands beside its articles. */
const SHIPPED = ['general.yaml', 'trade.yaml'];
export const HOUSE = 'words.yaml';

/**
 * The dictionary of spellings: general Japanese, the words of the trade, and `words.yaml` of the content folder `root`
 * where there is one. A later layer overrules an earlier one: what it writes is right, whoever called it wrong.
 */
export function readWords(root: string): Read<Word[]> {
  const words = new Map<string, string>();
  for (const layer of SHIPPED) {
    const read = readYaml(layer, fs.readFileSync(path.join(import.meta.dirname, layer), 'utf8'), wordsSchema);
    if (read.status === 'broken') return read;
    lay(words, read.value);
  }
  const house = readText(root, HOUSE);
  if (house.status === 'broken') return { status: 'broken', faults: [house.fault] };
  if (house.status === 'read') {
    const read = readYaml(displayPath(root, HOUSE), house.text, wordsSchema);
    if (read.status === 'broken') return read;
    lay(words, read.value);
  }
  const byWrite = Map.groupBy(words, ([, write]) => write);
  return { status: 'read', value: [...byWrite].map(([write, pairs]) => ({ write, not: pairs.map(([not]) => not) })) };
}

function lay(words: Map<string, string>, layer: readonly Word[]): void {
  for (const { write, not } of layer) {
    words.delete(write);
    for (const [wrong, right] of words) if (not.includes(right)) words.delete(wrong);
    for (const each of not) words.set(each, write);
  }
}
