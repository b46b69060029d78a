import '#server-only';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readFontFile } from '#lib/font-file.ts';
import { perProcess } from '#lib/per-process.ts';

/** The typeface of share images, in the two weights they use. */
export type ShareFonts = {
  /** As next/og wants them. */
  faces: { name: string; data: Buffer; weight: 500 | 700; style: 'normal' }[];
  /** The text without the characters that both weights cannot draw (emoji, rare characters), in NFC. */
  drawable(text: string): string;
  /** Width of a text of the bold weight in em, without kerning. */
  boldWidth(text: string): number;
};

/** Zen Kaku Gothic New (SIL Open Font License 1.1), TrueType: next/og reads no woff2 and parses this one fastest. */
const FAMILY = 'Zen Kaku Gothic New';
const FILES = { 500: '500Medium/ZenKakuGothicNew_500Medium.ttf', 700: '700Bold/ZenKakuGothicNew_700Bold.ttf' } as const;

/** Read once in the life of the process, when the first image is asked for. @throws when the package is not installed. */
export function shareFonts(): Promise<ShareFonts> {
  return perProcess('share-fonts', load);
}

async function load(): Promise<ShareFonts> {
  const folder = path.join(
    /* turbopackIgnore: true */ process.cwd(),
    'node_modules',
    '@expo-google-fonts',
    'zen-kaku-gothic-new',
  );
  const [medium, bold] = await Promise.all([
    readFile(/* turbopackIgnore: true */ path.join(/* turbopackIgnore: true */ folder, FILES[500])),
    readFile(/* turbopackIgnore: true */ path.join(/* turbopackIgnore: true */ folder, FILES[700])),
  ]);
  const [mediumFile, boldFile] = [readFontFile(medium), readFontFile(bold)];
  return {
    faces: [
      { name: FAMILY, data: medium, weight: 500, style: 'normal' },
      { name: FAMILY, data: bold, weight: 700, style: 'normal' },
    ],
    drawable(text) {
      const known = Array.from(text.normalize('NFC')).filter(
        (character) => mediumFile.advance(character) !== undefined && boldFile.advance(character) !== undefined,
      );
      return known.join('').replace(/ {2,}/g, ' ').trim();
    },
    boldWidth: (text) => Array.from(text).reduce((sum, character) => sum + (boldFile.advance(character) ?? 0), 0),
  };
}
