import { phrases } from '#lib/phrases.ts';

/** How a title stands in a box: its lines and the size of its type, in the unit of the box. */
export type TitleLines = { lines: readonly string[]; size: number };

const ENDS_A_THOUGHT = /[、。？！：」』）]$/;
const THOUGHTS = /[、。？！](?=.)/gu;
/** What layouts are judged by, in pixels of type size. A short line costs by the square of what it leaves empty. */
const GOOD_BREAK = 8;
const THOUGHT_INSIDE = 12;
const EMPTY_SIDE = 60;
const FURTHER_LINE = 3;

/**
 * Breaks `title` at phrases into at most as many lines as the box has sizes, filling its width with the largest type.
 * Breaks after a comma, and lines of like length, are preferred. A phrase is never broken: one too long for the box makes
 * the type smaller.
 * @param box `largest[n - 1]` is the largest type of a title of n lines.
 * @param widthOf width of a text in em.
 */
export function titleLines(
  title: string,
  box: { width: number; largest: readonly number[] },
  widthOf: (text: string) => number,
): TitleLines {
  const parts = phrases(title);
  let best: { lines: string[]; size: number; worth: number } = { lines: [], size: 0, worth: Number.NEGATIVE_INFINITY };
  for (const [index, largest] of box.largest.entries()) {
    for (const lines of divisions(parts, index + 1)) {
      const widths = lines.map(widthOf);
      const widest = Math.max(...widths);
      const size = Math.floor(Math.min(largest, box.width / widest));
      const emptySide = widths.reduce((sum, width) => sum + (1 - width / widest) ** 2, 0);
      const goodBreaks = lines.slice(0, -1).filter((line) => ENDS_A_THOUGHT.test(line)).length;
      const inside = lines.reduce((sum, line) => sum + (line.match(THOUGHTS)?.length ?? 0), 0);
      const worth =
        size +
        goodBreaks * GOOD_BREAK -
        inside * THOUGHT_INSIDE -
        emptySide * EMPTY_SIDE -
        (lines.length - 1) * FURTHER_LINE;
      if (worth > best.worth) best = { lines, size, worth };
    }
  }
  return { lines: best.lines, size: best.size };
}

/** Every way to put `parts`, in order, on exactly `count` lines. */
function* divisions(parts: readonly string[], count: number): Generator<string[]> {
  const line = (from: number, to?: number) => parts.slice(from, to).join('').trim();
  if (count === 1) yield [line(0)];
  for (let first = 1; count > 1 && first <= parts.length - count + 1; first++) {
    for (const rest of divisions(parts.slice(first), count - 1)) yield [line(0, first), ...rest];
  }
}
