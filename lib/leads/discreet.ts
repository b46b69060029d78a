import '#server-only';
import { FOLLOW_UP_CHOICES } from './follow-up.ts';
import type { Lead } from './schema.ts';

/** Shorter values stand in any text by chance. */
const SHORTEST = 2;

/**
 * What a mail server or a library said about a lead's mail, without what the visitor typed: servers quote addresses,
 * content filters quote the words they dislike, and notes go to the log.
 */
export function discreet(note: string, lead: Lead): string {
  const { name, email, phone, phoneE164, followUp = {}, source } = lead;
  // What was chosen from a list names nobody, and its keys are ordinary words.
  const written = Object.keys(followUp).filter((question) => !(question in FOLLOW_UP_CHOICES));
  const further = written.map((question) => followUp[question]);
  const typed = [name, email, phone, phoneE164, source.referrer, source.utm, ...further]
    .flatMap((value) => value?.split(/[\r\n]+/) ?? [])
    // As `describeError` writes whatever it is given.
    .map((value) => value.replace(/\s+/g, ' ').trim())
    .filter((value) => value.length >= SHORTEST)
    .toSorted((a, b) => b.length - a.length);
  return typed.reduce((text, value) => text.replaceAll(value, '<typed>'), note);
}
