/**
 * The form in which texts and queries are compared. What looks the same or is typed the same way is the same here; the
 * text that readers see is never changed (docs/decisions/0009-search-with-bigrams.md has the table and its reasons).
 */

/** Seen by nobody: soft hyphens, zero-width characters, variation selectors. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
/** Long vowel, hyphens, dashes and minus: keyboards and their conversions hand out one for another. */
const DASHES = /[-‐‑‒–—―−─━ー]/g;
/** What Windows and macOS make of the same key. */
const TILDES = /[〜∼]/g;
const SPACES = /[\s\p{Cc}]+/gu;

/** What can be seen of a text, in the usual characters: NFKC, no invisible ones, single spaces. */
export function visibleForm(text: string): string {
  return text.toWellFormed().replace(INVISIBLE, '').normalize('NFKC').replace(SPACES, ' ');
}

/**
 * The visible form in lower case with one dash and one tilde; hiragana and katakana stay apart. A part of a text has
 * the form that it has inside the text, as long as it does not cut a letter from its combining mark or trim spaces.
 */
export function normalForm(text: string): string {
  return (
    visibleForm(text)
      .toLowerCase()
      // JavaScript writes Σ as ς at the end of a word and as σ elsewhere: the only letter that looks around itself.
      .replace(/ς/g, 'σ')
      .replace(DASHES, '-')
      .replace(TILDES, '~')
  );
}

/** A stretch of a text, `start` and `end` as UTF-16 offsets. */
export type Stretch = { start: number; end: number };

/** What must be normalised together: a run of spaces, or a character with all that combines with it. */
const CLUSTER =
  /[\s\p{Cc}\p{Default_Ignorable_Code_Point}]+|(?:\p{Script=Hangul}[\p{Script=Hangul}\p{Default_Ignorable_Code_Point}]*|[^\s\p{Cc}\p{M}ﾞﾟ])[\p{M}ﾞﾟ\p{Default_Ignorable_Code_Point}]*|[\p{M}ﾞﾟ][\p{M}ﾞﾟ\p{Default_Ignorable_Code_Point}]*/gsu;

/** Where `terms`, in normal form, stand in `text`: in order, overlapping stretches joined. */
export function findTerms(text: string, terms: readonly string[]): Stretch[] {
  let normal = '';
  const places: Stretch[] = [];
  for (const { 0: cluster, index } of text.matchAll(CLUSTER)) {
    // A few signs (゛, ´) become a space and a mark: two spaces in a row are one.
    const form = normal.endsWith(' ') ? normalForm(cluster).trimStart() : normalForm(cluster);
    normal += form;
    for (let unit = 0; unit < form.length; unit++) places.push({ start: index, end: index + cluster.length });
  }
  const found: Stretch[] = [];
  for (const term of terms) {
    for (let at = normal.indexOf(term); at >= 0; at = normal.indexOf(term, at + term.length)) {
      const [first, last] = [places[at], places[at + term.length - 1]];
      if (first && last) found.push({ start: first.start, end: last.end });
    }
  }
  found.sort((a, b) => a.start - b.start || a.end - b.end);
  return found.reduce<Stretch[]>((joined, stretch) => {
    const before = joined.at(-1);
    if (before && stretch.start <= before.end) before.end = Math.max(before.end, stretch.end);
    else joined.push(stretch);
    return joined;
  }, []);
}
