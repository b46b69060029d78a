import { LRUCache } from 'lru-cache';
import { MODEL } from './phrases-model.ts';

/**
 * The windows of characters that the model weighs around a possible break, as offsets from it: UW one character, BW
 * two, TW three.
 */
const WINDOWS: Record<keyof typeof MODEL, readonly [from: number, to: number]> = {
  UW1: [-3, -2],
  UW2: [-2, -1],
  UW3: [-1, 0],
  UW4: [0, 1],
  UW5: [1, 2],
  UW6: [2, 3],
  BW1: [-2, 0],
  BW2: [-1, 1],
  BW3: [0, 2],
  TW1: [-3, 0],
  TW2: [-2, 1],
  TW3: [-1, 2],
  TW4: [0, 3],
};

/** What both the model and the dictionary tear apart: 見えに|くい, 2か|月. */
const TORN = /にく[いくかさけ]|[\d一二三四五六七八九十何数]か[月年国所]/g;

type Group = { from: number; to: number; weights: Map<string, number> };
type Splitter = { groups: Group[]; threshold: number; words: Intl.Segmenter };
let loaded: Splitter | undefined;

/** Headings stand in the contents list too, titles on the cards of other pages: splitting was 7 % of drawing a page. */
const known = new LRUCache<string, readonly string[]>({ max: 2000 });

/**
 * Splits Japanese text into phrases (文節), in order; joined they are the text again, byte for byte. Headings, calls to
 * action and card titles may break between them and nowhere else.
 *
 * BudouX's model says where, unless that lies inside a word of ICU's dictionary: on 305 titles and headings of this
 * site the model alone broke 16 of 933 times inside a word (引き|受ける, 言い|換える, と|して), with ICU's consent never.
 */
export function phrases(text: string): readonly string[] {
  const found = known.get(text) ?? split(text);
  known.set(text, found);
  return found;
}

function split(text: string): string[] {
  loaded ??= load();
  const { groups, threshold, words } = loaded;
  const allowed = new Set(Array.from(words.segment(text), ({ index }) => index));
  for (const { index, 0: torn } of text.matchAll(TORN)) {
    for (let inside = 1; inside < torn.length; inside++) allowed.delete(index + inside);
  }
  const found: string[] = [];
  let start = 0;
  for (const at of allowed) {
    if (at === 0) continue;
    let score = 0;
    for (const { from, to, weights } of groups) score += weights.get(text.substring(at + from, at + to)) ?? 0;
    if (score <= threshold) continue;
    found.push(text.slice(start, at));
    start = at;
  }
  if (start < text.length) found.push(text.slice(start));
  return found;
}

function load(): Splitter {
  const groups = Object.entries(WINDOWS).map(([name, [from, to]]) => {
    const entries = MODEL[name as keyof typeof MODEL].split(' ').map((entry): [string, number] => {
      const colon = entry.lastIndexOf(':');
      return [entry.slice(0, colon), Number(entry.slice(colon + 1))];
    });
    return { from, to, weights: new Map(entries) };
  });
  const all = groups.flatMap(({ weights }) => [...weights.values()]);
  return {
    groups,
    threshold: all.reduce((sum, weight) => sum + weight, 0) / 2,
    words: new Intl.Segmenter('ja', { granularity: 'word' }),
  };
}
