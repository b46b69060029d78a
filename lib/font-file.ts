import '#server-only';

/** A TrueType font as far as laying out a line needs it. */
export type FontFile = {
  /** How far the pen moves after a character, in em; undefined when the font has no glyph for it. */
  advance(character: string): number | undefined;
};

/**
 * Reads the character map and the advances of a TrueType file (OpenType 1.9: `cmap` format 12 or 4, `head`, `hhea`,
 * `hmtx`). next/og would ask a font service on the internet for a glyph that is missing, so it must be known before.
 * @throws RangeError when the bytes are no such font.
 */
export function readFontFile(bytes: Buffer): FontFile {
  const tables = new Map<string, number>();
  for (let index = 0, at = 12; index < bytes.readUInt16BE(4); index++, at += 16) {
    tables.set(bytes.toString('latin1', at, at + 4), bytes.readUInt32BE(at + 8));
  }
  const table = (name: string): number => {
    const offset = tables.get(name);
    if (offset === undefined) throw new RangeError(`font has no table ${name}`);
    return offset;
  };
  const unitsPerEm = bytes.readUInt16BE(table('head') + 18);
  const metrics = bytes.readUInt16BE(table('hhea') + 34);
  const hmtx = table('hmtx');
  const glyphOf = readCharacterMap(bytes, table('cmap'));
  return {
    advance(character) {
      const glyph = glyphOf(character.codePointAt(0) ?? 0);
      // Glyphs beyond the last metric share it.
      return glyph === 0 ? undefined : bytes.readUInt16BE(hmtx + 4 * Math.min(glyph, metrics - 1)) / unitsPerEm;
    },
  };
}

/** Glyph index by code point, 0 for none. */
function readCharacterMap(bytes: Buffer, cmap: number): (code: number) => number {
  const subtables = Array.from({ length: bytes.readUInt16BE(cmap + 2) }, (_, index) => {
    const at = cmap + bytes.readUInt32BE(cmap + 4 + 8 * index + 4);
    return { at, format: bytes.readUInt16BE(at) };
  });
  const whole = subtables.find(({ format }) => format === 12);
  if (whole) return (code) => findInGroups(bytes, whole.at, code);
  const basic = subtables.find(({ format }) => format === 4);
  if (basic) return (code) => findInSegments(bytes, basic.at, code);
  throw new RangeError('font has no Unicode character map');
}

function findInGroups(bytes: Buffer, at: number, code: number): number {
  let [low, high] = [0, bytes.readUInt32BE(at + 12) - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const group = at + 16 + 12 * middle;
    const first = bytes.readUInt32BE(group);
    if (code < first) high = middle - 1;
    else if (code > bytes.readUInt32BE(group + 4)) low = middle + 1;
    else return bytes.readUInt32BE(group + 8) + code - first;
  }
  return 0;
}

function findInSegments(bytes: Buffer, at: number, code: number): number {
  const twice = bytes.readUInt16BE(at + 6);
  for (let segment = 0; segment < twice; segment += 2) {
    if (code > bytes.readUInt16BE(at + 14 + segment)) continue;
    const starts = at + 16 + twice + segment;
    const first = bytes.readUInt16BE(starts);
    if (code < first) return 0;
    const delta = bytes.readUInt16BE(starts + twice);
    const rangeAt = starts + 2 * twice;
    const range = bytes.readUInt16BE(rangeAt);
    if (range === 0) return (code + delta) & 0xffff;
    const glyph = bytes.readUInt16BE(rangeAt + range + 2 * (code - first));
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
  }
  return 0;
}
