import '#server-only';
import type { z } from 'zod';
import { atTop, displayPath, type FoundText } from './folder.ts';
import type { Picture } from './images/picture.ts';
import { type Author, authorSchema, type Fault, type FrontMatter } from './schema.ts';
import { type Read, readArticle, readYaml, type Source } from './source.ts';

/** A file as it is kept: its last good content, and what is wrong with what stands on disk now. */
export type Kept<T> = { good: T | undefined; faults: Fault[] };

export const NOTHING_YET = { good: undefined, faults: [] };

/** A good version of an article file. `file` is its path inside the content folder. */
export type Version = {
  file: string;
  slug: string;
  source: Source;
  matter: FrontMatter;
  sourceHash: string;
  /** The pictures that were made for it; undefined before anybody looked at its body, or where it has none. */
  shown?: Shown;
};

/** Pictures of an article: the one above it, and the hashes of all. */
export type Shown = { cover: Picture | undefined; hashes: readonly string[] };

/** The address of an article file. */
export function slugOf(file: string): string {
  return file.replace(/^articles\//, '').replace(/(?:\/index)?\.mdx$/, '');
}

/** A newly read file beside what it said before: the last good content stays. */
export function keep<T>(before: Kept<T> | undefined, read: Read<T>): Kept<T> {
  return read.status === 'read' ? { good: read.value, faults: [] } : { good: before?.good, faults: read.faults };
}

/** A YAML file through its schema. */
export function readSetting<T>(root: string, file: string, found: FoundText, schema: z.ZodType<T>): Read<T> {
  const path = displayPath(root, file);
  if (found.status === 'read') return readYaml(path, found.text, schema);
  const missing = atTop(path, 'ファイルがありません（元の場所に戻します）');
  return { status: 'broken', faults: [found.status === 'broken' ? found.fault : missing] };
}

/** An article file, its body not looked at; its text goes where `shelve` puts it. */
export function readVersion(
  root: string,
  file: string,
  found: Exclude<FoundText, { status: 'gone' }>,
  shelve: (source: Source) => Source,
): Read<Version> {
  if (found.status === 'broken') return { status: 'broken', faults: [found.fault] };
  const read = readArticle(displayPath(root, file), found.text);
  if (read.status === 'broken') return read;
  const { source, matter } = read.value;
  const version = {
    file,
    slug: slugOf(file),
    source: shelve(source),
    matter,
    sourceHash: found.hash,
  };
  return { status: 'read', value: version };
}

/** An author file; the author's id is the file's name. */
export function readAuthor(root: string, file: string, found: FoundText): Read<Author> {
  const read = readSetting(root, file, found, authorSchema);
  const id = file.slice('authors/'.length, -'.yaml'.length);
  return read.status === 'read' ? { status: 'read', value: { ...read.value, id } } : read;
}
