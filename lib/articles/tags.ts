import type { Article } from './schema.ts';
import { normalForm } from './search/normal-form.ts';
import type { Snapshot } from './snapshot.ts';

/** The address of a tag; undefined for a tag whose signs cannot stand in one (`/`, `\`, a single dot). */
export function tagHref(tag: string): string | undefined {
  return /[/\\\p{Cc}]|^\.{1,2}$/u.test(tag) ? undefined : `/tags/${encodeURIComponent(tag.normalize('NFC'))}`;
}

export type FoundTag =
  | { status: 'tag'; tag: string; articles: readonly Article[] }
  /** Written in another way: full width, small letters. */
  | { status: 'moved'; tag: string }
  | { status: 'unknown' };

/** The visible articles with the tag that an address names, decoded. */
export function findTag({ tags, byTag }: Pick<Snapshot, 'tags' | 'byTag'>, name: string): FoundTag {
  const inUse = (tag: string) => byTag(tag).length > 0;
  const same = tags.find((tag) => tag.normalize('NFC') === name.normalize('NFC') && inUse(tag));
  if (same !== undefined) return { status: 'tag', tag: same, articles: byTag(same) };
  const alike = tags.find((tag) => normalForm(tag) === normalForm(name) && inUse(tag));
  return alike === undefined ? { status: 'unknown' } : { status: 'moved', tag: alike };
}
