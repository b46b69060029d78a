import '#server-only';
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { IMAGE_NAME } from './images/uses.ts';
import { type Fault, SLUG } from './schema.ts';

/**
 * The content folder on disk: which files count, and their text. Files are named by their path inside the folder
 * (`articles/pmo.mdx`); what does not belong there is a fault, never an exception.
 */

/** Differs whenever the file may: `ctime` moves on every write, whatever happens to size and modification time. */
export type Signature = string;

export type Listing =
  /** `folders` with an identity each, so that one that was replaced under its name is noticed. */
  | { status: 'listed'; files: Map<string, Signature>; folders: Map<string, string>; faults: Fault[] }
  | { status: 'missing'; fault: Fault };

const SIZE_LIMIT = 1_000_000;
/** Stands for the signature of a settings file that is not there, so that this is said once. */
export const ABSENT: Signature = 'absent';

/** The files of the folder itself. */
export const SETTINGS = ['categories.yaml', 'figures.yaml'];

/** How faults name a file: from the working directory where it lies inside, as an editor would type it. */
export function displayPath(root: string, file: string): string {
  const absolute = path.join(root, file);
  const relative = path.relative(process.cwd(), absolute);
  return relative.startsWith('..') ? absolute : relative;
}

/** Every content file in order of its name. `missing` while the folder cannot be read, as in mid-replacement. */
export function listContent(root: string): Listing {
  const files = new Map<string, Signature>();
  const folders = new Map<string, string>();
  const faults: Fault[] = [];
  const refuse = (file: string, message: string) => faults.push(atTop(displayPath(root, file), message));
  const list = (folder: string) => {
    const full = path.join(root, folder);
    folders.set(folder, identityOf(full));
    const entries = fs.readdirSync(full, { withFileTypes: true }).filter(({ name }) => !isScratch(name));
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  };
  try {
    const inside = [fs.realpathSync(root), fs.realpathSync(path.join(root, 'articles'))];
    const add = (file: string, entry: fs.Dirent) => {
      const full = path.join(root, file);
      const stats = fs.statSync(full, { throwIfNoEntry: false });
      if (entry.isSymbolicLink() && !(stats && isInside(fs.realpathSync(full), inside))) {
        refuse(file, 'フォルダーの外を指すリンクです（ファイルそのものをこのフォルダーに置きます）');
      } else if (stats?.isFile()) files.set(file, signatureOf(stats) + besideOf(root, file));
      else if (stats) refuse(file, 'ファイルではありません（同じ名前のファイルに置き換えます）');
    };
    for (const entry of list('')) if (SETTINGS.includes(entry.name)) add(entry.name, entry);
    for (const entry of list('authors')) {
      const file = `authors/${entry.name}`;
      if (isContentFile(file)) add(file, entry);
      else refuse(file, '著者のファイルの名前ではありません（a-z、0-9と-だけの名前に.yamlを付けます）');
    }
    for (const entry of list('articles')) {
      const file = `articles/${entry.name}`;
      if (isContentFile(file)) add(file, entry);
      else if (isFolder(path.join(root, file), entry)) {
        if (!isContentFile(`${file}/index.mdx`)) refuse(file, NAME_SENTENCE);
        else if (!isInside(fs.realpathSync(path.join(root, file)), inside)) {
          refuse(file, 'フォルダーの外を指すリンクです（記事のフォルダーそのものをここに置きます）');
        } else {
          const index = list(file).find(({ name }) => name === 'index.mdx');
          if (index) add(`${file}/index.mdx`, index);
          else refuse(file, 'index.mdxがありません（記事をindex.mdxという名前で置くか、フォルダーを消します）');
        }
      } else refuse(file, NAME_SENTENCE);
    }
    return { status: 'listed', files, folders, faults };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const message = `フォルダーを読めません（articlesとauthorsのあるフォルダーを置きます。${error.code}）`;
    return { status: 'missing', fault: atTop(displayPath(root, ''), message) };
  }
}

const NAME_SENTENCE = '記事の名前ではありません（a-z、0-9と、それらをつなぐ-だけの名前に.mdxを付けます）';

/** Whether a path inside the folder is one of those that are read. */
export function isContentFile(file: string): boolean {
  const [, room, name = ''] = /^(articles|authors)\/([^/.]+)(?:\.mdx|\.yaml|\/index\.mdx)$/.exec(file) ?? [];
  if (room === undefined) return SETTINGS.includes(file);
  return SLUG.test(name) && file.endsWith('.yaml') === (room === 'authors') && !file.startsWith('authors/index');
}

/** What editors and systems leave beside the files: `.name`, `name~`, `#name#`, `name.tmp`, `name.swp`. */
export function isScratch(name: string): boolean {
  return /^[.#]|~$|\.(?:tmp|swp|swx|bak)$/.test(name);
}

/** What tells a folder from another of the same name, links followed; empty when it is not there. */
export function identityOf(folder: string): string {
  const stats = fs.statSync(folder, { throwIfNoEntry: false });
  return stats ? `${stats.dev}:${stats.ino}` : '';
}

function isFolder(full: string, entry: fs.Dirent): boolean {
  return entry.isDirectory() || (fs.statSync(full, { throwIfNoEntry: false })?.isDirectory() ?? false);
}

function isInside(target: string, folders: readonly string[]): boolean {
  return folders.some((folder) => target.startsWith(folder + path.sep));
}

function signatureOf({ ctimeMs, size, ino }: fs.Stats): Signature {
  return `${ctimeMs}:${size}:${ino}`;
}

/** The pictures beside an article in a folder of its own, as a part of its signature: a new picture is a new version. */
function besideOf(root: string, file: string): string {
  if (!file.endsWith('/index.mdx')) return '';
  const folder = path.join(root, path.dirname(file));
  const pictures = fs.readdirSync(folder).filter((name) => IMAGE_NAME.test(name));
  return pictures
    .sort()
    .flatMap((name) => {
      const stats = fs.lstatSync(path.join(folder, name), { throwIfNoEntry: false });
      return stats ? [` ${name}:${signatureOf(stats)}`] : [];
    })
    .join('');
}

export type FoundText =
  | { status: 'read'; text: string; hash: string; signature: Signature }
  | { status: 'broken'; fault: Fault; signature: Signature }
  | { status: 'gone' };

/** The text of a file, strictly UTF-8, with the signature it had before it was read; `hash` covers the pictures too. */
export function readText(root: string, file: string): FoundText {
  let descriptor: number | undefined;
  let signature: Signature = '';
  const broken = (line: number, column: number, message: string): FoundText => {
    return { status: 'broken', fault: { path: displayPath(root, file), line, column, message }, signature };
  };
  try {
    descriptor = fs.openSync(path.join(root, file), fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    const stats = fs.fstatSync(descriptor);
    const beside = besideOf(root, file);
    signature = signatureOf(stats) + beside;
    if (stats.size > SIZE_LIMIT) {
      return broken(1, 1, `ファイルが${stats.size.toLocaleString('ja-JP')}バイトあります（1MB以内に分けます）`);
    }
    const bytes = fs.readFileSync(descriptor);
    if (isUtf8(bytes)) {
      const digest = createHash('sha256').update(bytes).update(beside).digest('base64url').slice(0, 16);
      return { status: 'read', text: new TextDecoder().decode(bytes), hash: digest, signature };
    }
    const { line, column } = firstBadByte(bytes);
    return broken(line, column, '文字コードがUTF-8ではありません（UTF-8で保存し直します）');
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return { status: 'gone' };
    return broken(1, 1, `ファイルを読めません（読み取りの権限を確かめます。${error.code}）`);
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

function firstBadByte(bytes: Buffer): { line: number; column: number } {
  let line = 1;
  for (let start = 0; ; line++) {
    const newline = bytes.indexOf(10, start);
    const part = bytes.subarray(start, newline < 0 ? bytes.length : newline);
    if (!isUtf8(part)) return { line, column: new TextDecoder().decode(part).indexOf('\ufffd') + 1 };
    if (newline < 0) return { line, column: 1 };
    start = newline + 1;
  }
}

/** A fault of a file as a whole. */
export function atTop(file: string, message: string): Fault {
  return { path: file, line: 1, column: 1, message };
}

function isSystemError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
