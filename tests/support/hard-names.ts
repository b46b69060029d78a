import fc from 'fast-check';

// Names that systems garble: each kind is what people in Japan are really called, or the bytes that such names come in.

const from = (first: number, last: number) =>
  fc.integer({ min: first, max: last }).map((code) => String.fromCodePoint(code));
const joined = (unit: fc.Arbitrary<string>, maxLength = 12) =>
  fc.array(unit, { minLength: 1, maxLength }).map((units) => units.join(''));
const kanji = from(0x4e00, 0x9fa0);
const kana = fc.oneof(from(0x3041, 0x3094), from(0x30a1, 0x30fa));

/** Compatibility ideographs that Unicode normalisation would replace by others (神 U+FA19 becomes 神 U+795E). */
const compatibility = fc.oneof(from(0xfa0e, 0xfa6d), from(0xfa70, 0xfad9), from(0x2f800, 0x2fa1d));
/** Beyond the first plane: two UTF-16 units, four bytes. */
const surrogatePair = fc.oneof(from(0x20000, 0x2a6d6), from(0x2a700, 0x2b734), fc.constantFrom('𠮷', '𡈽', '𠀋', '𩸽'));
/** One kanji in one of its drawn forms, as family registers have them. */
const variation = fc
  .tuple(
    fc.oneof(kanji, fc.constantFrom('辻', '邉', '葛', '祇')),
    fc.oneof(from(0xe0100, 0xe0110), from(0xfe00, 0xfe02)),
  )
  .map((parts) => parts.join(''));
const halfWidthKana = fc.oneof(from(0xff66, 0xff9d), fc.constantFrom('ｶﾞ', 'ﾊﾟ', 'ｰ', 'ｯ'));
const longVowel = fc.tuple(kana, fc.constantFrom('ー', 'ｰ', '―', '〜', '～')).map((parts) => parts.join(''));
const middleDot = fc
  .tuple(joined(kana, 5), fc.constantFrom('・', '･', '·', '‧', '＝', '゠'), joined(kana, 5))
  .map((parts) => parts.join(''));
const latin = fc
  .tuple(
    fc.constantFrom(
      "O'Brien",
      'D’Arcy',
      'Müller',
      'Mu\u0308ller',
      'Nguyễn',
      'Đặng',
      'ＹＡＭＡＤＡ',
      'Anne-Marie',
      'Ł.',
    ),
    fc.constantFrom(' ', '　', '\u00a0', ' "Q" ', ' & ', ' <i> ', ', '),
    fc.constantFrom('Tarō', 'Taro\u0304', 'van der Berg', 'Ⅲ', 'Søren', 'ﬁ', 'Jr.'),
  )
  .map((parts) => parts.join(''));
const decomposed = fc.constantFrom(
  'か\u3099',
  'は\u309a',
  'ウ\u3099',
  'ガ',
  '㋿',
  '㈱',
  '①',
  'ﾔﾏﾀﾞ',
  'ゟ',
  'ヿ',
  '〆',
  '々',
);
const anything = fc.oneof(compatibility, surrogatePair, variation, halfWidthKana, longVowel, decomposed, kanji, kana);
const spaced = fc
  .tuple(joined(anything, 4), fc.constantFrom(' ', '　', '  ', '\u2003'), joined(anything, 4))
  .map((parts) => parts.join(''));
/** The most that the form takes; each unit is one character to a reader, whatever number of code units it has. */
const eighty = fc
  .array(fc.oneof(surrogatePair, variation, compatibility), { minLength: 80, maxLength: 80 })
  .map((units) => units.join(''));

const KINDS = {
  compatibility: joined(compatibility),
  surrogatePair: joined(surrogatePair),
  variation: joined(variation),
  halfWidthKana: joined(halfWidthKana),
  longVowel: joined(longVowel, 6),
  middleDot,
  latin,
  oneCharacter: anything,
  spaced,
  eighty,
};

/** 1,000 hard names, a hundred of each kind, the same every time. */
export function hardNames(seed = 5): string[] {
  return Object.values(KINDS).flatMap((kind, index) => fc.sample(kind, { numRuns: 100, seed: seed + index }));
}
