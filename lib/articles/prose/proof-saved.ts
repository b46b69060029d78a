import '#server-only';
import { describeError, log } from '#lib/log.ts';
import { readText } from '../folder.ts';
import { type Proof, proofs } from '../proofs.ts';
import type { Fault } from '../schema.ts';
import type { Source } from '../source.ts';
import { openProofreader, type Proofreader } from './proofreader.ts';
import { HOUSE, readWords } from './words.ts';

/**
 * Whoever saves sees the page and its faults within 300 ms. Reading takes a core for as long as that, so it waits until
 * nobody has saved for a moment: after 300 ms of rest it was in the way of the next save.
 */
const REST_MS = 1500;
/** Nobody writes: the thread gives its 400 MB back. */
const IDLE_MS = 300_000;

type Wanted = { source: Source; dictionary: string };

/**
 * Has the language of articles read while the preview shows them: in a thread of its own, one text after the other and of
 * each article only the newest. `onRead` is called after each. An article is read again when its text or the dictionary
 * of the content folder `root` has changed. Where textlint is not installed this is logged once, and the preview goes
 * without. Returns what stops all of it.
 */
export function proofSaved(root: string, onRead: () => void): () => void {
  const known = new Map<string, Proof & Wanted>();
  const wanted = new Map<string, Wanted>();
  let reader: Proofreader | undefined;
  let waiting: NodeJS.Timeout | undefined;
  let isReading = false;

  function ask(slug: string, source: Source): 'read' | 'reading' {
    const house = readText(root, HOUSE);
    const dictionary = house.status === 'read' ? house.hash : house.status;
    const before = known.get(slug);
    if (before?.source.text === source.text && before.dictionary === dictionary) return 'read';
    wanted.set(slug, { source, dictionary });
    clearTimeout(waiting);
    waiting = setTimeout(() => void readWanted(), REST_MS).unref();
    return 'reading';
  }

  async function readWanted(): Promise<void> {
    if (isReading) return;
    isReading = true;
    try {
      // Sees those too that come while it reads.
      for (const [slug, next] of wanted) {
        wanted.delete(slug);
        known.set(slug, { ...next, slips: await slipsIn(next.source) });
        onRead();
      }
      waiting = setTimeout(close, IDLE_MS).unref();
    } catch (error) {
      proofs().reader = undefined;
      log.error({ event: 'content.unproofed', ...describeError(error) });
    } finally {
      isReading = false;
    }
  }

  async function slipsIn(source: Source): Promise<Fault[]> {
    const words = readWords(root);
    if (words.status === 'broken') return words.faults;
    reader ??= openProofreader();
    return reader.read(source, words.value);
  }

  function close(): void {
    reader?.close();
    reader = undefined;
  }

  proofs().reader = { last: (slug) => known.get(slug), ask };
  return () => {
    proofs().reader = undefined;
    clearTimeout(waiting);
    close();
  };
}
