import type { Challenge } from '#lib/leads/schema.ts';

/** Who presses the button sooner than that is not kept waiting: without a proof it is a lead as well. */
const PATIENCE_MS = 5000;

/**
 * Begins the work that a flooded site asks for, while the visitor is still typing: each digest is made outside of this
 * thread, so nothing stands still. The code for it is loaded only then.
 * @returns what the form carries as `proof`, undefined where the browser cannot do it or has not done it in time.
 */
export function prove(challenge: Challenge): () => Promise<string | undefined> {
  const work = solve(challenge).catch(() => undefined);
  return () => Promise.race([work, new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE_MS))]);
}

async function solve({ algorithm, challenge, salt, signature, maxnumber }: Challenge): Promise<string | undefined> {
  const { solveChallenge } = await import('altcha-lib/v1');
  const solution = await solveChallenge(challenge, salt, algorithm, maxnumber).promise;
  return solution ? JSON.stringify({ algorithm, challenge, number: solution.number, salt, signature }) : undefined;
}
