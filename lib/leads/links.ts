import '#server-only';
import { seal, signingKey, unseal } from '#lib/signature.ts';

// Links and hidden fields by which somebody who has registered says something later. They carry which lead, which of its
// revisions and when, and nothing that was typed; whoever holds one can change the lead, and is shown nothing of it.

const ID_BYTES = 16;
const BODY_BYTES = ID_BYTES + 6 + 2;
const DAY_MS = 24 * 60 * 60 * 1000;

/** How long a mail's link works; the mail says so. */
export const CHANGE_DAYS = 30;

/** `change`: correct or withdraw. `follow-up`: answer the questions after acceptance, in a page that may lie open overnight. */
const VALID_MS = { change: CHANGE_DAYS * DAY_MS, 'follow-up': DAY_MS } as const;
type Purpose = keyof typeof VALID_MS;

type Linked = { leadId: string; revision: number };
export type LinkReading = ({ status: 'valid' } & Linked) | { status: 'invalid' };

/** A token for `purpose`, URL-safe, that runs from `at` and cannot be made by others. */
export function signLink(purpose: Purpose, { leadId, revision }: Linked, at: Date, key = signingKey()): string {
  const body = Buffer.alloc(BODY_BYTES);
  body.write(leadId.replaceAll('-', ''), 0, 'hex');
  body.writeUIntBE(at.getTime(), ID_BYTES, 6);
  body.writeUInt16BE(Math.min(revision, 0xffff), ID_BYTES + 6);
  return seal(purpose, body, key);
}

/** What a token says; `invalid` when it was not made here, for something else, or is too old. Never throws. */
export function readLink(purpose: Purpose, token: string, now = new Date(), key = signingKey()): LinkReading {
  const body = unseal(purpose, token, BODY_BYTES, key);
  if (!body || now.getTime() - body.readUIntBE(ID_BYTES, 6) > VALID_MS[purpose]) return { status: 'invalid' };
  const leadId = body.toString('hex', 0, ID_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { status: 'valid', leadId, revision: body.readUInt16BE(ID_BYTES + 6) };
}
