import '#server-only';
import { readEnv } from '#lib/env.ts';
import { perProcess } from '#lib/per-process.ts';
import { isSentFromPage } from '#lib/request-context.ts';
import { addressKey } from './acceptance.ts';
import { createLimits, type Limits } from './limits.ts';
import { markPage, readPageMark } from './page-mark.ts';
import { askForProof, solvedChallenge } from './proof.ts';
import type { Challenge } from './schema.ts';
import { createSightings } from './sightings.ts';
import type { Verdict } from './store.ts';
import { judge } from './suspicion.ts';

/** What a form brought, as far as it is looked at for signs of a machine. `sentId` came with it, `submissionId` stands for it. */
export type Brought = {
  name: string;
  email: string;
  sentId: string | undefined;
  submissionId: string;
  trap: string;
  mark: string;
  proof: string;
};

export type Screened = { status: 'let in'; verdict: Verdict } | { status: 'limited'; retryAt: Date };

/** What a form is served with; `challenge` only while the site is flooded. */
export type Seal = { mark: string; challenge: Challenge | undefined };

/** Stands between the form and the store: counts, weighs, and turns away nobody but for too many at once. */
export type Screening = {
  screen(brought: Brought, client: string | undefined, now: Date): Promise<Screened>;
  sealPage(now?: Date): Promise<Seal>;
};

/** The screening of this process, shared by the form's page, its action and the plain address. */
export function processScreening(): Screening {
  return perProcess('lead-screening', () => {
    const { proofAbove, registrationsPerMinute } = readEnv();
    return createScreening(createLimits({ floodAbove: proofAbove, sitePerMinute: registrationsPerMinute }));
  });
}

/** A screening with a memory of its own. @param key signs pages and challenges; by default this site's. */
export function createScreening(limits: Limits, key?: string): Screening {
  const marks = createSightings();
  const addresses = createSightings();
  const proofs = createSightings();

  /** A solved challenge serves one submission: shared among a thousand it would be no work at all. */
  async function proven({ proof, submissionId }: Brought, now: Date): Promise<boolean> {
    const challenge = await solvedChallenge(proof, now, key);
    return challenge !== undefined && proofs.count(challenge, submissionId, now) === 1;
  }

  return {
    async screen(brought, client, now) {
      const solved = await proven(brought, now);
      const admission = await limits.admit(client, now, solved);
      if (admission.status === 'limited') return admission;
      const { name, email, submissionId } = brought;
      const verdict = judge({
        name,
        email,
        trapFilled: brought.trap.trim() !== '',
        mark: readPageMark(brought.mark, now, key),
        sentWithMark: brought.mark === '' ? 0 : marks.count(brought.mark, submissionId, now),
        sentWithAddress: addresses.count(addressKey(email), submissionId, now),
        hasSubmissionId: brought.sentId !== undefined,
        fromPage: isSentFromPage(),
        proof: solved ? 'solved' : admission.flooded ? 'missing' : 'unneeded',
      });
      return { status: 'let in', verdict };
    },
    async sealPage(now = new Date()) {
      const asked = limits.isFlooded(now);
      return { mark: markPage(asked, now, key), challenge: asked ? await askForProof(now, key) : undefined };
    },
  };
}
