import { findTerms, normalForm, type Stretch } from './normal-form.ts';

/** A piece of an article's text with the words that were searched for: `marks` are UTF-16 offsets into `text`. */
export type Marked = { text: string; marks: readonly Stretch[] };

/** At most so many characters, of which so many before the first mark. */
const LENGTH = 120;
const BEFORE = 36;
/** Shorter lines are titles and cells more often than sentences. */
const SENTENCE = 30;

/** `text` with every one of `terms`, in normal form, marked. */
export function mark(text: string, terms: readonly string[]): Marked {
  return { text, marks: findTerms(text, terms) };
}

/**
 * The line that has most of `terms`, cut to a length that is read at a glance; undefined when no line has any. Of two
 * like lines the first, a sentence before an item of a list. `…` stands where a line was cut.
 */
export function excerpt(lines: readonly string[], terms: readonly string[]): Marked | undefined {
  let best: { line: string; score: number } | undefined;
  for (const line of lines) {
    const form = normalForm(line);
    const score = terms.filter((term) => form.includes(term)).length;
    const weighed = score > 0 && line.length >= SENTENCE ? score + 0.5 : score;
    if (weighed > (best?.score ?? 0)) best = { line, score: weighed };
    if (weighed > terms.length) break;
  }
  return best && cut(mark(best.line.replace(/\s+/g, ' ').trim(), terms));
}

/** Begins with the sentence of the first mark where that is near, ends where the room does. */
function cut({ text, marks }: Marked): Marked {
  const [first] = marks;
  if (text.length <= LENGTH || !first) return { text, marks };
  const earliest = Math.max(0, Math.min(first.start - BEFORE, text.length - LENGTH));
  const sentence = /[。！？!?]\s?(?=[^。！？!?]*$)/.exec(text.slice(earliest, first.start));
  const from = whole(
    text,
    earliest === 0 && !sentence ? 0 : earliest + (sentence ? sentence.index + sentence[0].length : 0),
  );
  const to = whole(text, Math.max(Math.min(text.length, from + LENGTH), first.end));
  const [head, tail] = [from > 0 ? '…' : '', to < text.length ? '…' : ''];
  return {
    text: head + text.slice(from, to) + tail,
    marks: marks
      .filter(({ start }) => start < to)
      .map(({ start, end }) => ({ start: start - from + head.length, end: Math.min(end, to) - from + head.length })),
  };
}

/** Never between the two halves of a character. */
function whole(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at;
}
