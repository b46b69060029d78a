import '#server-only';
import { seal, signingKey, unseal } from '#lib/signature.ts';

// Addresses under which one article can be read before it is public. They carry which article and since when, and the
// signature; nobody keeps a list of them, so one that was given away works until its time is over.

const BODY_BYTES = 6;
const DAY_MS = 24 * 60 * 60 * 1000;

/** How long a link works. */
export const PREVIEW_DAYS = 7;

export type PreviewReading = { status: 'valid' | 'expired'; until: Date } | { status: 'invalid' };

/** The path of the draft at `slug`, for whoever is to read it until `PREVIEW_DAYS` after `at`. Others cannot make it. */
export function previewPath(slug: string, at: Date, key = signingKey()): string {
  const body = Buffer.alloc(BODY_BYTES);
  body.writeUIntBE(at.getTime(), 0, BODY_BYTES);
  return `/drafts/${slug}?t=${seal(purposeOf(slug), body, key)}`;
}

/** What a token says for this article; `invalid` when it was not made here or for another one. Never throws. */
export function readPreview(slug: string, token: string, now: Date, key = signingKey()): PreviewReading {
  const body = unseal(purposeOf(slug), token, BODY_BYTES, key);
  if (!body) return { status: 'invalid' };
  const until = previewEnd(new Date(body.readUIntBE(0, BODY_BYTES)));
  return { status: now < until ? 'valid' : 'expired', until };
}

/** When a link that was made `at` stops working. */
export function previewEnd(at: Date): Date {
  return new Date(at.getTime() + PREVIEW_DAYS * DAY_MS);
}

function purposeOf(slug: string): string {
  return `preview:${slug}:`;
}
