import '#server-only';
import { createHash } from 'node:crypto';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Nobody asks for more than "many": a flood costs no more memory than this. */
const COUNTED_UP_TO = 16;
const KEPT = 10_000;

/** Counts how many different submissions showed the same thing within a day. */
export type Sightings = {
  /** Adds `submission` to those that showed `what`; returns how many there are now, at most 16. */
  count(what: string, submission: string, now: Date): number;
};

/**
 * In memory and bounded: a restart forgets, several replicas each count their own, and beyond `kept` things the one not
 * seen for the longest is forgotten. Only digests are kept: what was seen may be somebody's address.
 */
export function createSightings(kept = KEPT): Sightings {
  const seen = new Map<string, { since: number; by: string[] }>();
  return {
    count(what, submission, now) {
      const key = digest(what);
      const known = seen.get(key);
      const age = now.getTime() - (known?.since ?? 0);
      const entry = known && age < DAY_MS ? known : { since: now.getTime(), by: [] };
      const one = digest(submission);
      if (entry.by.length < COUNTED_UP_TO && !entry.by.includes(one)) entry.by.push(one);
      // A Map keeps the order of insertion: put in anew, the first is always the one not seen for the longest.
      seen.delete(key);
      seen.set(key, entry);
      const [oldest] = seen.keys();
      if (seen.size > kept && oldest !== undefined) seen.delete(oldest);
      return entry.by.length;
    },
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64').slice(0, 12);
}
