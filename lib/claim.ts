import { z } from 'zod';
import measured from './claim-measured.json' with { type: 'json' };

/**
 * What 「簡単60秒」 rests on: the last measure of the real form, written by `npm run bench form`. Nothing here is typed by
 * hand: the footnote and the page behind it say what the file says, and a test compares the file with a fresh measure.
 */

const seconds = z.number().positive();
const count = z.int().min(0);

/** `keys`: keys and mouse buttons, on a phone keys of its screen. `characters`: read between first field and button. */
const operators = z.object({ keys: count, points: count, homings: count, thoughts: count, characters: count });

const claimSchema = z.object({
  measuredAt: z.iso.datetime().transform((at) => new Date(at)),
  /** The state of the code that was measured; `+` where files had been changed since. */
  commit: z.string(),
  errorFactor: z.number().min(1),
  constants: z.array(z.object({ id: z.string(), symbol: z.string(), seconds, source: z.string() })).min(1),
  runs: z
    .array(
      z.object({
        mode: z.enum(['keyboard', 'mouse', 'touch', 'autofill']),
        person: z.enum(['short', 'usual', 'long']),
        operators,
        responseSeconds: seconds,
        /** Operators and response. */
        seconds,
        /** The same with the model's error: what is compared with `limitSeconds`. */
        promisedSeconds: seconds,
        limitSeconds: seconds,
      }),
    )
    .min(1),
});
export type Claim = z.infer<typeof claimSchema>;
export type ClaimRun = Claim['runs'][number];

/** The measure as it was written. @throws when the file is not one: then nothing may be claimed. */
export function readClaim(): Claim {
  return claimSchema.parse(measured);
}

/** The measure in one line, for the footnote beside the claim. */
export type ClaimSummary = {
  /** Seconds of the slowest way by keyboard, mouse or touch, and of the slowest with autofill; error included. */
  typedSeconds: number;
  filledSeconds: number;
  errorPercent: number;
  measuredAt: Date;
};

/** @throws when one of the four ways was not measured. */
export function summarize({ runs, errorFactor, measuredAt }: Claim): ClaimSummary {
  // Rounded up: a figure beside a claim must not flatter.
  const slowest = (mode: ClaimRun['mode']): number => {
    const promised = runs.filter((run) => run.mode === mode).map((run) => run.promisedSeconds);
    if (promised.length === 0) throw new Error(`nothing was measured by ${mode}`);
    return Math.ceil(Math.max(...promised));
  };
  return {
    typedSeconds: Math.max(slowest('keyboard'), slowest('mouse'), slowest('touch')),
    filledSeconds: slowest('autofill'),
    errorPercent: Math.round((errorFactor - 1) * 100),
    measuredAt,
  };
}
