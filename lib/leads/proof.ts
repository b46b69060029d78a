import '#server-only';
import { createChallenge, extractParams, verifySolution } from 'altcha-lib/v1';
import { z } from 'zod';
import { signingKey } from '#lib/signature.ts';
import type { Challenge } from './schema.ts';

// Proof of work in ALTCHA's form: the browser looks for a number that gives a known digest. It costs a visitor nothing
// that is noticed, because it is done while the form is filled in, and a flood its speed.

/** On average half of these digests: 0.4 s in Chromium on one core of the machine this was built on. */
const NUMBERS = 50_000;
/** As long as a draft may take; a page that is older brings no proof, which is a sign and not a refusal. */
const VALID_MS = 6 * 60 * 60 * 1000;

const solutionSchema = z.object({
  algorithm: z.literal('SHA-256'),
  challenge: z.string().regex(/^[0-9a-f]{64}$/),
  number: z.number().int().min(0).max(NUMBERS),
  salt: z.string().max(200),
  signature: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Something to work out, for one page. @param now its time of birth. */
export async function askForProof(now = new Date(), key?: string): Promise<Challenge> {
  const expires = new Date(now.getTime() + VALID_MS);
  const { challenge, salt, signature } = await createChallenge({
    hmacKey: key ?? signingKey(),
    maxnumber: NUMBERS,
    expires,
  });
  return { algorithm: 'SHA-256', challenge, maxnumber: NUMBERS, salt, signature };
}

/** Which challenge a form's proof solves; undefined for none, a wrong one and one that came too late. */
export async function solvedChallenge(text: string, now = new Date(), key?: string): Promise<string | undefined> {
  if (text === '' || text.length > 1000) return undefined;
  const solution = solutionSchema.safeParse(parse(text)).data;
  if (!solution) return undefined;
  const expires = Number(extractParams(solution).expires) * 1000;
  if (!(now.getTime() <= expires)) return undefined;
  return (await verifySolution(solution, key ?? signingKey(), false)) ? solution.challenge : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
