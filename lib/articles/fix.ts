import '#server-only';
import fs from 'node:fs';
import path from 'node:path';
import type { Compiled } from './compile.ts';
import { displayPath, listContent, readText } from './folder.ts';
import { INVISIBLE, SPLIT_CHARACTER } from './inspect.ts';
import type { Fault } from './schema.ts';
import { placeOf, readArticle, type Source } from './source.ts';
import type { Workshop } from './workshop.ts';
import { openWorkshop } from './workshop-thread.ts';

/** `found` at `offset` of the text becomes `by`. */
type Mend = { offset: number; found: string; by: string; said: string };

/**
 * Mends what has one answer only in the articles of the content folder `root` that `isWanted` picks by the path that
 * faults name: characters nobody sees, characters in two parts, blanks at the end of lines. An article that does not
 * parse, before or after, is left alone; so is one that somebody saves meanwhile. Each file is replaced whole, by a
 * rename. Done twice, the second time finds nothing to mend.
 *
 * @returns what was mended and where, by places in the text as it was.
 */
export async function fixContent(
  root: string,
  isWanted: (path: string) => boolean,
  workshop: Workshop = openWorkshop(),
): Promise<Fault[]> {
  const listing = listContent(root);
  const files = listing.status === 'missing' ? [] : [...listing.files.keys()];
  const mended: Fault[] = [];
  try {
    for (const file of files.filter((each) => each.startsWith('articles/') && isWanted(displayPath(root, each)))) {
      mended.push(...(await fixFile(root, file, workshop)));
    }
  } finally {
    workshop.close();
  }
  return mended;
}

async function fixFile(root: string, file: string, workshop: Workshop): Promise<Fault[]> {
  const found = readText(root, file);
  const read = found.status === 'read' ? readArticle(displayPath(root, file), found.text) : undefined;
  if (found.status !== 'read' || read?.status !== 'read') return [];
  const { source } = read.value;
  const characters = [...characterMends(source.text)];
  const blanks = [...blankMends(source, characters)];
  if (characters.length + blanks.length === 0) return [];
  if ((await workshop.compile(source)).status === 'broken') return [];
  const asWritten = apply(source, characters);
  const page = await workshop.compile(asWritten);
  if (page.status === 'broken') return [];
  // Blanks go where the page stays the same to the letter: never those that stand in code or break a line.
  const isHarmless = async (mends: readonly Mend[]) =>
    isSame(page, await workshop.compile(apply(source, [...characters, ...mends])));
  const safe = (await isHarmless(blanks)) ? blanks : await eachOf(blanks.slice(0, MOST_TRIED), isHarmless);
  const mends = [...characters, ...safe].sort((a, b) => a.offset - b.offset);
  const now = readText(root, file);
  if (mends.length === 0 || now.status !== 'read' || now.signature !== found.signature) return [];
  replaceFile(path.join(root, file), apply(source, mends).text);
  return mends.map(({ offset, said }) => ({ ...placeOf(source, offset), message: said }));
}

/** Blanks that are tried one by one where not all of an article can go; the next `--fix` goes on. */
const MOST_TRIED = 100;

async function eachOf(
  mends: readonly Mend[],
  isHarmless: (mends: readonly Mend[]) => Promise<boolean>,
): Promise<Mend[]> {
  const safe: Mend[] = [];
  for (const mend of mends) if (await isHarmless([mend])) safe.push(mend);
  return safe;
}

function* characterMends(text: string): Generator<Mend> {
  for (const { index: offset, 0: found } of text.matchAll(INVISIBLE)) {
    const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    // Line separators may be meant as new lines, marks beyond the first plane are parts of flags: for a person to see.
    if (/[\p{Zl}\p{Zp}]|[\u{10000}-\u{10ffff}]/u.test(found)) continue;
    const isBlank = /[\u00a0\u202f\u3164]/.test(found);
    const said = isBlank ? '空白に見える文字を半角の空白にしました' : '見えない文字を消しました';
    yield { offset, found, by: isBlank ? ' ' : '', said: `${said}（U+${code}）` };
  }
  for (const { index: offset, 0: found } of text.matchAll(SPLIT_CHARACTER)) {
    const by = found.normalize('NFC');
    if (by !== found) yield { offset, found, by, said: `2つに分かれた「${by}」を1文字にしました` };
  }
}

function* blankMends({ text, bodyStart }: Source, others: readonly Mend[]): Generator<Mend> {
  for (const { index, 0: found } of text.slice(bodyStart).matchAll(/[ \t]+(?=\r?(?:\n|$(?![\s\S])))/g)) {
    const offset = bodyStart + index;
    const breaksLine = found.length > 1 && /[^\s]/.test(text.slice(text.lastIndexOf('\n', offset) + 1, offset));
    const isMended = others.some((other) => other.offset >= offset && other.offset < offset + found.length);
    if (!breaksLine && !isMended) yield { offset, found, by: '', said: '行の終わりの空白を消しました' };
  }
}

function apply(source: Source, mends: readonly Mend[]): Source {
  let text = source.text;
  let { bodyStart } = source;
  for (const { offset, found, by } of mends.toSorted((a, b) => b.offset - a.offset)) {
    text = text.slice(0, offset) + by + text.slice(offset + found.length);
    if (offset < bodyStart) bodyStart += by.length - found.length;
  }
  return { ...source, text, bodyStart };
}

/** Whether readers get the same page from both. */
function isSame(a: Compiled, b: Compiled): boolean {
  const drawn = (compiled: Compiled) =>
    JSON.stringify(compiled, (key, value: unknown) => (key === 'position' || key === 'offset' ? undefined : value));
  return drawn(a) === drawn(b);
}

function replaceFile(file: string, text: string): void {
  const target = fs.realpathSync(file);
  const scratch = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.tmp`);
  try {
    fs.writeFileSync(scratch, text, { mode: fs.statSync(target).mode, flag: 'wx' });
    fs.renameSync(scratch, target);
  } finally {
    fs.rmSync(scratch, { force: true });
  }
}
