import { randomBytes } from 'node:crypto';
import { solveChallenge } from 'altcha-lib/v1';
import { expect, test } from 'vitest';
import { askForProof, solvedChallenge } from '#lib/leads/proof.ts';
import { FRIDAY_EVENING } from './stage.ts';

const key = randomBytes(32).toString('base64');
const hoursLater = (hours: number) => new Date(FRIDAY_EVENING.getTime() + hours * 3_600_000);

/** What a visitor's browser puts into the form. */
async function solved(): Promise<Record<string, unknown>> {
  const { maxnumber, ...challenge } = await askForProof(FRIDAY_EVENING, key);
  const solution = await solveChallenge(challenge.challenge, challenge.salt, challenge.algorithm, maxnumber).promise;
  return { ...challenge, number: solution?.number };
}

test('解いた証明は、6時間のあいだ認める', async () => {
  const proof = await solved();
  const text = JSON.stringify(proof);
  expect(await solvedChallenge(text, hoursLater(0), key)).toBe(proof.challenge);
  expect(await solvedChallenge(text, hoursLater(5.9), key)).toBe(proof.challenge);
  expect(await solvedChallenge(text, hoursLater(6.1), key)).toBeUndefined();
});

test('解いていないもの、書き換えたもの、ほかの鍵のものは認めない', async () => {
  const proof = await solved();
  const number = Number(proof.number);
  const wrong = [
    { ...proof, number: number === 7 ? 8 : 7 },
    { ...proof, salt: String(proof.salt).replace('expires=1', 'expires=2') },
    { ...proof, signature: 'f'.repeat(64) },
    { ...proof, algorithm: 'SHA-1' },
    { ...proof, number: -1 },
    { ...proof, salt: { $a: 1 } },
    { ...proof, challenge: undefined },
    [],
    null,
  ];
  for (const changed of wrong)
    expect(await solvedChallenge(JSON.stringify(changed), hoursLater(0), key)).toBeUndefined();
  for (const text of ['', '{', 'x'.repeat(100_000), '"x"']) {
    expect(await solvedChallenge(text, hoursLater(0), key)).toBeUndefined();
  }
  const other = randomBytes(32).toString('base64');
  expect(await solvedChallenge(JSON.stringify(proof), hoursLater(0), other)).toBeUndefined();
});
