const MOST = 8;

/**
 * What somebody may have meant by `words` that no article has: the single words of it, together and alone, the other
 * kana, the long vowel at the end that people write or leave out. Nearest first.
 */
export function otherWords(words: string): string[] {
  const parts = words.split(' ').flatMap(segments);
  const others = [
    toKatakana(words),
    toHiragana(words),
    words.replace(/ー(?=\s|$)/g, ''),
    parts.join(' '),
    ...parts.toSorted((a, b) => b.length - a.length),
  ];
  return [...new Set(others)].filter((other) => other !== words && [...other].length >= 2).slice(0, MOST);
}

/** The words of a Japanese phrase, by the dictionary of ICU, without particles and signs. */
function segments(phrase: string): string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of new Intl.Segmenter('ja', { granularity: 'word' }).segment(phrase)) {
    const before = words.at(-1);
    // ICU parts 議事録 into 議事 and 録: what stands behind a word as a single kanji belongs to it.
    if (before !== undefined && /^\p{Script=Han}$/u.test(segment)) words.splice(-1, 1, before + segment);
    else if (isWordLike && !/^\p{Script=Hiragana}{1,2}$/u.test(segment)) words.push(segment);
  }
  return words;
}

const KANA_APART = 0x60;

function toKatakana(text: string): string {
  return text.replace(/[ぁ-ゖ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + KANA_APART));
}

function toHiragana(text: string): string {
  return text.replace(/[ァ-ヶ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - KANA_APART));
}
