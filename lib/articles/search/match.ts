/**
 * How texts and questions are written for SQLite's FTS5 (3.51). Every two neighbouring characters of a line are one
 * token, so a phrase of tokens is exactly a substring; the characters of an article, one by one, are tokens of a
 * column of their own, so that a single character is found too. FTS5 has no tokenizer for two characters (`trigram`
 * needs three) and its `unicode61` drops signs. `ascii` takes whatever is not ASCII as it comes: ASCII characters are
 * moved out of its way, which also leaves nothing in a question that FTS5 could read as an operator.
 */

/** Private use characters, which no text has a reason to hold: 128 for ASCII, then the marks below. */
const PRIVATE_USE = 0xe000;
const LINE_END = '\ue0ff';
/** Where a single character stands: in the title, in title or headings, anywhere. */
const PLACES = ['\ue100', '\ue101', '\ue102'] as const;

/** The parts of an article in the order in which they count, each as lines in normal form. */
export type Words = { title: string; headings: string; body: string };
/** 0: in the title, 1: in title or headings, 2: anywhere. */
export type Place = 0 | 1 | 2;

/** An article as FTS5 stores it. Lines stand apart: no phrase reaches from one into the next. */
export function tokensOf({ title, headings, body }: Words): Words & { letters: string } {
  const letters = new Map<string, Place>();
  const read = (lines: string, place: Place): string => {
    for (const letter of lines) if (!letters.has(letter)) letters.set(letter, place);
    return lines.split('\n').map(pairs).join(` ${LINE_END} `);
  };
  const tokens = { title: read(title, 0), headings: read(headings, 1), body: read(body, 2) };
  const singles = [...letters].flatMap(([letter, place]) => PLACES.slice(place).map((mark) => mark + moved(letter)));
  return { ...tokens, letters: singles.join(' ') };
}

/** The FTS5 expression for articles that have every one of `terms`, which are in normal form, at `place`. */
export function expression(terms: readonly string[], place: Place): string {
  const columns = ['title', 'title headings', 'title headings body'][place];
  return terms
    .map((term) => {
      const phrase = pairs(term);
      return phrase !== '' ? `({${columns}} : "${phrase}")` : `({letters} : "${PLACES[place]}${moved(term)}")`;
    })
    .join(' AND ');
}

function pairs(line: string): string {
  let before = '';
  let tokens = '';
  for (const letter of line) {
    const token = moved(letter);
    if (before !== '') tokens += tokens === '' ? before + token : ` ${before}${token}`;
    before = token;
  }
  return tokens;
}

function moved(letter: string): string {
  const code = letter.charCodeAt(0);
  return code < 128 ? String.fromCharCode(PRIVATE_USE + code) : letter;
}
