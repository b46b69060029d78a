import '#server-only';
import { randomBytes } from 'node:crypto';
import { seal, signingKey, unseal } from '#lib/signature.ts';

// The form carries when it was served, signed. It refuses nobody: an old page, a page of another build or of a site
// that lost its key registers as any other; lib/leads/suspicion.ts says what each is worth.

const PURPOSE = 'page';
const VERSION = 1;
const TIME = 2;
const NONCE = TIME + 6;
const BODY_BYTES = NONCE + 6;

/** `ageSeconds` is negative where the clock was set back since; `asked`: the page was given a proof of work to do. */
export type PageMark =
  | { status: 'ours'; ageSeconds: number; asked: boolean }
  | { status: 'absent' }
  | { status: 'forged' };

/** A mark for one served form: URL-safe, cannot be made by others, different for each. */
export function markPage(asked: boolean, now = new Date(), key?: string): string {
  const body = Buffer.alloc(BODY_BYTES);
  body.writeUInt8(VERSION, 0);
  body.writeUInt8(asked ? 1 : 0, 1);
  body.writeUIntBE(now.getTime(), TIME, 6);
  randomBytes(BODY_BYTES - NONCE).copy(body, NONCE);
  return seal(PURPOSE, body, key ?? signingKey());
}

/** What a mark says, whatever it is. */
export function readPageMark(text: string, now = new Date(), key?: string): PageMark {
  if (text === '') return { status: 'absent' };
  const body = unseal(PURPOSE, text, BODY_BYTES, key ?? signingKey());
  if (body?.readUInt8(0) !== VERSION) return { status: 'forged' };
  return {
    status: 'ours',
    ageSeconds: (now.getTime() - body.readUIntBE(TIME, 6)) / 1000,
    asked: body.readUInt8(1) === 1,
  };
}
