import '#server-only';
import { seal, signingKey, unseal } from '#lib/signature.ts';
import type { Receipt } from './schema.ts';

// The thanks page is reached by an address that anyone may see later: in a history, a shared screen, a server's log.
const FRESH_MS = 60 * 60 * 1000;
const VALID_MS = 30 * 24 * 60 * 60 * 1000;

const PURPOSE = 'receipt';
const VERSION = 1;
const ID_BYTES = 16;
const BODY_BYTES = 1 + ID_BYTES + 6;

/** `fresh`: signed within the last hour, so the page may show what was received; later only number and deadline. */
export type ReceiptReading = { status: 'valid'; leadId: string; fresh: boolean } | { status: 'invalid' };

/** A token for the address of the thanks page: URL-safe, says which lead and when, cannot be made by others. */
export function signReceipt({ leadId }: Pick<Receipt, 'leadId'>, now = new Date(), key = signingKey()): string {
  const body = Buffer.alloc(BODY_BYTES);
  body.writeUInt8(VERSION, 0);
  body.write(leadId.replaceAll('-', ''), 1, 'hex');
  body.writeUIntBE(now.getTime(), 1 + ID_BYTES, 6);
  return seal(PURPOSE, body, key);
}

/** What a token says; `invalid` when it was not made here or is older than 30 days. Never throws. */
export function readReceipt(token: string, now = new Date(), key = signingKey()): ReceiptReading {
  const body = unseal(PURPOSE, token, BODY_BYTES, key);
  if (body?.readUInt8(0) !== VERSION) return { status: 'invalid' };
  const age = now.getTime() - body.readUIntBE(1 + ID_BYTES, 6);
  if (age > VALID_MS) return { status: 'invalid' };
  const leadId = body.toString('hex', 1, 1 + ID_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { status: 'valid', leadId, fresh: age <= FRESH_MS };
}
