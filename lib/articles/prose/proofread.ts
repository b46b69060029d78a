import '#server-only';
import { displayPath, listContent, readText } from '../folder.ts';
import type { Fault } from '../schema.ts';
import { splitArticle } from '../source.ts';
import { openProofreader } from './proofreader.ts';
import { readWords } from './words.ts';

/**
 * Reads the prose of the articles of the content folder `root` that `isWanted` picks by the path that faults name.
 * Slips of language are warnings; a dictionary that cannot be read is a fault. In no particular order.
 */
export async function proofread(root: string, isWanted: (path: string) => boolean): Promise<Fault[]> {
  const words = readWords(root);
  if (words.status === 'broken') return words.faults;
  const listing = listContent(root);
  const files = listing.status === 'listed' ? [...listing.files.keys()] : [];
  const reader = openProofreader();
  const faults: Fault[] = [];
  try {
    for (const file of files.filter((each) => each.startsWith('articles/') && isWanted(displayPath(root, each)))) {
      const found = readText(root, file);
      const split = found.status === 'read' ? splitArticle(displayPath(root, file), found.text) : undefined;
      if (split?.status === 'read') faults.push(...(await reader.read(split.value.source, words.value)));
    }
  } finally {
    reader.close();
  }
  return faults;
}
