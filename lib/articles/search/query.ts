import { normalForm, visibleForm } from './normal-form.ts';

/** The longest query, in characters. A pasted sentence fits; a pasted page does not. */
export const QUERY_LIMIT = 256;

/** What a visitor typed into the search field, read. */
export type Query =
  | { status: 'empty' }
  /** `words`, here and below, as they are shown: NFKC and single spaces, case kept. */
  | { status: 'too-long'; words: string }
  | { status: 'asked'; words: string; wanted: Wanted };

/** In normal form: an article is found when it has all `terms`; those with the whole `phrase` come before others. */
export type Wanted = { terms: readonly string[]; phrase: string };

/**
 * Reads a query. There are no operators: every sign is searched for as it is, and a space, half or full width, parts
 * words that an article must all have. Two queries with the same `words` have the same answer.
 */
export function readQuery(typed: string): Query {
  const words = visibleForm(typed).trim();
  const phrase = normalForm(words);
  const terms = [...new Set(phrase.split(' '))].filter((term) => term !== '');
  if (terms.length === 0) return { status: 'empty' };
  if ([...words].length > QUERY_LIMIT) return { status: 'too-long', words };
  const wanted = terms.filter((term) => !terms.some((other) => other !== term && other.includes(term)));
  return { status: 'asked', words, wanted: { terms: wanted, phrase } };
}
