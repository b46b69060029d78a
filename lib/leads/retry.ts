import '#server-only';

const HOUR = 60 * 60;
/** Trying ends after this; also needs attempts, so that a clock set forward by a week does not give up at once. */
const GIVE_UP_SECONDS = 5 * 24 * HOUR;
const GIVE_UP_ATTEMPTS = 30;

/** Pauses before the second, third, … attempt: seconds, then minutes; the last as long as the mail is young. */
const EARLY_PAUSES = [2, 10, 30, 60, 120, 240];
const LONG_PAUSES = [600, 1200, HOUR];
/** Pauses between tries while no mail gets through: short enough that a cure is noticed within two minutes. */
const OUTAGE_PAUSES = [1, 2, 4, 8, 15, 30, 60, 120];

type Tried = { attempts: number; ageSeconds: number };

/**
 * Seconds until a mail that was tried is tried again: within seconds first, then minutes, after its first hour up to
 * an hour. `random` in [0, 1) spreads them by a fifth either way, so that a backlog does not come back as one wave.
 */
export function retryPause({ attempts, ageSeconds }: Tried, random = Math.random()): number {
  const pause =
    ageSeconds < HOUR
      ? at(EARLY_PAUSES, attempts - 1)
      : Math.max(at(EARLY_PAUSES, attempts - 1), at(LONG_PAUSES, Math.floor(Math.log2(ageSeconds / HOUR))));
  return pause * (0.8 + 0.4 * random);
}

/** Seconds until a mail to the team that a server refused for good is tried again: an operator may mend the cause. */
export function refusedPause(random = Math.random()): number {
  return HOUR * (0.9 + 0.2 * random);
}

/**
 * Seconds until the next try while no mail gets through, and until a mail that failed so is tried again: `failures` in a
 * row so far, or the mail's attempts, at least 1. What is the matter with one mail alone lengthens only its own pause.
 */
export function outagePause(failures: number): number {
  return at(OUTAGE_PAUSES, failures - 1);
}

/** Whether a mail has been tried long enough to stop and show it as dead. */
export function isGivenUp({ attempts, ageSeconds }: Tried): boolean {
  return ageSeconds > GIVE_UP_SECONDS && attempts > GIVE_UP_ATTEMPTS;
}

function at(pauses: readonly number[], index: number): number {
  return pauses[Math.min(index, pauses.length - 1)] ?? 0;
}
