import '#server-only';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readEnv } from '#lib/env.ts';
import { perProcess } from '#lib/per-process.ts';
import { secrets } from '#lib/secrets.ts';
import type { Receipt } from './schema.ts';

// The thanks page is reached by an address that anyone may see later: in a history, a shared screen, a server's log.
const FRESH_MS = 60 * 60 * 1000;
const VALID_MS = 30 * 24 * 60 * 60 * 1000;

const VERSION = 1;
const ID_BYTES = 16;
const BODY_BYTES = 1 + ID_BYTES + 6;
const MAC_BYTES = 16;

/** `fresh`: signed within the last hour, so the page may show what was received; later only number and deadline. */
export type ReceiptReading = { status: 'valid'; leadId: string; fresh: boolean } | { status: 'invalid' };

/** A token for the address of the thanks page: URL-safe, says which lead and when, cannot be made by others. */
export function signReceipt({ leadId }: Pick<Receipt, 'leadId'>, now = new Date(), key = signingKey()): string {
  const body = Buffer.alloc(BODY_BYTES);
  body.writeUInt8(VERSION, 0);
  body.write(leadId.replaceAll('-', ''), 1, 'hex');
  body.writeUIntBE(now.getTime(), 1 + ID_BYTES, 6);
  return Buffer.concat([body, mac(body, key)]).toString('base64url');
}

/** What a token says; `invalid` when it was not made here or is older than 30 days. Never throws. */
export function readReceipt(token: string, now = new Date(), key = signingKey()): ReceiptReading {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== BODY_BYTES + MAC_BYTES) return { status: 'invalid' };
  const body = bytes.subarray(0, BODY_BYTES);
  const isOurs = timingSafeEqual(bytes.subarray(BODY_BYTES), mac(body, key));
  if (!isOurs || body.readUInt8(0) !== VERSION) return { status: 'invalid' };
  const age = now.getTime() - body.readUIntBE(1 + ID_BYTES, 6);
  if (age > VALID_MS) return { status: 'invalid' };
  const leadId = body.toString('hex', 1, 1 + ID_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { status: 'valid', leadId, fresh: age <= FRESH_MS };
}

function mac(body: Buffer, key: string): Buffer {
  return createHmac('sha256', Buffer.from(key, 'base64'))
    .update('receipt')
    .update(body)
    .digest()
    .subarray(0, MAC_BYTES);
}

function signingKey(): string {
  return perProcess('signing-key', () => {
    const env = readEnv();
    return secrets(env.dataDir, env.actionsKey).signingKey;
  });
}
