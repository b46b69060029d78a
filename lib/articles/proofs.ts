import '#server-only';
import { perProcess } from '#lib/per-process.ts';
import type { Fault } from './schema.ts';
import type { Source } from './source.ts';

/** Slips of language in one text, as warnings; a dictionary of spellings that cannot be read is a fault of its own file. */
export type Proof = { source: Source; slips: readonly Fault[] };

/** Reads the language of articles that editors have open (lib/articles/prose/proof-saved.ts). */
export type Proofs = {
  /** What was last read of an article; undefined before the first time. */
  last(slug: string): Proof | undefined;
  /** `reading` where that was not this very text: it is read soon, of each article only the newest. */
  ask(slug: string, source: Source): 'read' | 'reading';
};

/**
 * Who reads in this process; `reader` is undefined where nobody does. The public site never loads textlint: only
 * `npm run dev` puts a reader here, and the pages that Next bundles find it.
 */
export function proofs(): { reader: Proofs | undefined } {
  return perProcess('articles.proofs', () => ({ reader: undefined }));
}
