import '#server-only';
import { isUtf8 } from 'node:buffer';
import fs from 'node:fs';
import path from 'node:path';
import { type Fault, SLUG } from './schema.ts';

/**
 * The content folder on disk: which files count, and their text. Files are named by their path inside the folder
 * (`articles/pmo.mdx`); what does not belong there is a fault, never an exception.
 */

/** Changes whenever the file may have: also on a write that keeps size and modification time. */
type Signature = string;

export type Listing =
  | { status: 'listed'; files: Map<string, Signature>; folders: string[]; faults: Fault[] }
  | { status: 'missing' };

const SIZE_LIMIT = 1_000_000;
const FIXED_FILES = ['categories.yaml', 'figures.yaml'];

/** How faults name a file: from the working directory where that is shorter, as an editor would type it. */
export function displayPath(root: string, file: string): string {
  const absolute = path.join(root, file);
  const relative = path.relative(process.cwd(), absolute);
  return relative.startsWith('..') ? absolute : relative;
}

/** Every content file with its signature. `missing` when the folder itself cannot be read, as in mid-replacement. */
export function listContent(root: string): Listing {
  const files = new Map<string, Signature>();
  const folders = [''];
  const faults: Fault[] = [];
  try {
    const inside = [fs.realpathSync(root), fs.realpathSync(path.join(root, 'articles'))];
    const list = (folder: string) => {
      folders.push(folder);
      return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).filter(({ name }) => !isScratch(name));
    };
    const add = (file: string, entry: fs.Dirent) => {
      const signature = sign(path.join(root, file), entry, inside);
      if (signature.status === 'signed') files.set(file, signature.value);
      else if (signature.status === 'refused') faults.push(atTop(displayPath(root, file), signature.message));
    };
    for (const name of FIXED_FILES) {
      if (fs.existsSync(path.join(root, name))) files.set(name, signatureOf(fs.statSync(path.join(root, name))));
    }
    for (const entry of list('authors')) if (entry.name.endsWith('.yaml')) add(`authors/${entry.name}`, entry);
    for (const entry of list('articles')) {
      const file = `articles/${entry.name}`;
      if (isFolder(path.join(root, file), entry)) {
        if (!SLUG.test(entry.name)) faults.push(atTop(displayPath(root, file), NAME_SENTENCE));
        else {
          const index = list(file).find(({ name }) => name === 'index.mdx');
          if (index) add(`${file}/index.mdx`, index);
        }
      } else if (/\.mdx?$/i.test(entry.name)) {
        if (entry.name.endsWith('.mdx') && SLUG.test(entry.name.slice(0, -4))) add(file, entry);
        else faults.push(atTop(displayPath(root, file), NAME_SENTENCE));
      }
    }
    return { status: 'listed', files, folders, faults };
  } catch (error) {
    if (isGone(error)) return { status: 'missing' };
    throw error;
  }
}

/** Whether a file can be read without listing the folder: gone, or a regular file under a name that counts. */
export function isPlainFile(root: string, file: string): boolean {
  const [, slug] = /^articles\/([^/]+?)(?:\/index)?\.mdx$/.exec(file) ?? [];
  const counts = slug === undefined ? /^(?:authors\/[^/.]+|categories|figures)\.yaml$/.test(file) : SLUG.test(slug);
  return counts && (fs.lstatSync(path.join(root, file), { throwIfNoEntry: false })?.isFile() ?? true);
}

const NAME_SENTENCE = '名前に使えない文字があります（a-z、0-9と、それらをつなぐ-だけの名前に.mdxを付けます）';

/** What editors and systems leave beside the files: `.name`, `name~`, `#name#`, `name.tmp`, `name.swp`. */
function isScratch(name: string): boolean {
  return /^[.#]|~$|\.(?:tmp|swp|bak)$/.test(name);
}

function isFolder(file: string, entry: fs.Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function sign(file: string, entry: fs.Dirent, inside: readonly string[]) {
  if (entry.isSymbolicLink()) {
    const target = fs.existsSync(file) ? fs.realpathSync(file) : '';
    if (!inside.some((folder) => target.startsWith(folder + path.sep))) {
      return {
        status: 'refused' as const,
        message: 'フォルダーの外を指すリンクです（ファイルそのものをこのフォルダーに置きます）',
      };
    }
  }
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  if (!stats) return { status: 'gone' as const };
  if (!stats.isFile()) {
    return { status: 'refused' as const, message: 'ファイルではありません（同じ名前の.mdxファイルに置き換えます）' };
  }
  return { status: 'signed' as const, value: signatureOf(stats) };
}

function signatureOf({ ctimeMs, size, ino }: fs.Stats): Signature {
  return `${ctimeMs}:${size}:${ino}`;
}

/** The text of a file with the signature it had before it was read; `gone` when it is not there any more. */
export function readText(
  root: string,
  file: string,
):
  | { status: 'read'; text: string; signature: Signature }
  | { status: 'broken'; fault: Fault; signature: Signature }
  | { status: 'gone' } {
  let descriptor: number | undefined;
  try {
    descriptor = fs.openSync(path.join(root, file), fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    const stats = fs.fstatSync(descriptor);
    const signature = signatureOf(stats);
    const broken = (line: number, column: number, message: string) => ({
      status: 'broken' as const,
      fault: { path: displayPath(root, file), line, column, message },
      signature,
    });
    if (stats.size > SIZE_LIMIT) {
      return broken(1, 1, `ファイルが${stats.size.toLocaleString('ja-JP')}バイトあります（1MB以内に分けます）`);
    }
    const bytes = fs.readFileSync(descriptor);
    if (!isUtf8(bytes)) {
      const { line, column } = firstBadByte(bytes);
      return broken(line, column, '文字コードがUTF-8ではありません（UTF-8で保存し直します）');
    }
    return { status: 'read', text: new TextDecoder().decode(bytes), signature };
  } catch (error) {
    if (isGone(error)) return { status: 'gone' };
    throw error;
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

function firstBadByte(bytes: Buffer): { line: number; column: number } {
  let line = 1;
  let start = 0;
  while (true) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline;
    if (!isUtf8(bytes.subarray(start, end))) {
      const text = new TextDecoder().decode(bytes.subarray(start, end));
      return { line, column: text.indexOf('\ufffd') + 1 };
    }
    if (newline < 0) return { line, column: 1 };
    start = newline + 1;
    line += 1;
  }
}

/** A fault of a file as a whole. */
export function atTop(file: string, message: string): Fault {
  return { path: file, line: 1, column: 1, message };
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
