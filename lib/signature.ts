import '#server-only';
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { readEnv } from '#lib/env.ts';
import { perProcess } from '#lib/per-process.ts';
import { secrets } from '#lib/secrets.ts';

const MAC_BYTES = 16;

/** The key of this site (base64), the same in every replica that shares the secret. */
export function signingKey(): string {
  return perProcess('signing-key', () => {
    const env = readEnv();
    return secrets(env.dataDir, env.actionsKey).signingKey;
  });
}

/** `body` and its signature, URL-safe. What was signed for one `purpose` says nothing for another. */
export function seal(purpose: string, body: Buffer, key: string): string {
  return Buffer.concat([body, mac(purpose, body, key)]).toString('base64url');
}

/** The body of a token of `length` bytes that was sealed here for `purpose`; undefined for any other text. Never throws. */
export function unseal(purpose: string, token: string, length: number, key: string): Buffer | undefined {
  const bytes = Buffer.from(token, 'base64url');
  // The last letter of a token has bits that mean nothing: one thing said here has one spelling.
  if (bytes.length !== length + MAC_BYTES || bytes.toString('base64url') !== token) return undefined;
  const body = bytes.subarray(0, length);
  return timingSafeEqual(bytes.subarray(length), mac(purpose, body, key)) ? body : undefined;
}

function mac(purpose: string, body: Buffer, key: string): Buffer {
  return createHmac('sha256', keyObject(key)).update(purpose).update(body).digest().subarray(0, MAC_BYTES);
}

let last: { key: string; object: KeyObject } | undefined;

/** Kept from one signature to the next: made of its bytes each time, signing takes five times as long. */
function keyObject(key: string): KeyObject {
  if (last?.key !== key) last = { key, object: createSecretKey(Buffer.from(key, 'base64')) };
  return last.object;
}
