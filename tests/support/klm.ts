/**
 * The Keystroke-Level Model: how long a practised visitor takes, from what hands and head have to do. Pure: what was
 * done is counted elsewhere (form-visit.ts from events, form-screen.ts from the page), here it becomes seconds.
 */

export const MODES = ['keyboard', 'mouse', 'touch', 'autofill'] as const;
export type Mode = (typeof MODES)[number];

/** What one way through the form takes. `keys` are keys and mouse buttons, on a touch screen keys of its keyboard. */
export type Tally = { keys: number; points: number; homings: number; thoughts: number; characters: number };

const CARD = 'Card, Moran, Newell: The Psychology of Human-Computer Interaction (1983)';

/** Seconds for one of each, and where the figure comes from. */
export const OPERATORS = {
  key: { symbol: 'K', seconds: 0.28, source: CARD },
  touchKey: { symbol: 'K', seconds: 0.33, source: 'Palin et al.: How do People Type on Mobile Devices? (2019)' },
  point: { symbol: 'P', seconds: 1.1, source: CARD },
  homing: { symbol: 'H', seconds: 0.4, source: CARD },
  thought: { symbol: 'M', seconds: 1.35, source: CARD },
  character: { symbol: 'R', seconds: 60 / 500, source: '1分あたり500文字（日本語の黙読）' },
} as const;

/** The model's published error: it predicts single tasks within 21 % (root mean square; Card, Moran, Newell 1983). */
export const ERROR_FACTOR = 1.21;

/** What the claim of 60 seconds means for each way of filling in, error included. */
export const LIMIT_SECONDS: Record<Mode, number> = { keyboard: 60, mouse: 60, touch: 60, autofill: 30 };

export const NOTHING: Tally = { keys: 0, points: 0, homings: 0, thoughts: 0, characters: 0 };

export function sum(...tallies: readonly Partial<Tally>[]): Tally {
  const total = { ...NOTHING };
  for (const tally of tallies) {
    total.keys += tally.keys ?? 0;
    total.points += tally.points ?? 0;
    total.homings += tally.homings ?? 0;
    total.thoughts += tally.thoughts ?? 0;
    total.characters += tally.characters ?? 0;
  }
  return total;
}

/** Seconds for what was done, without the site's own response. */
export function secondsOf(tally: Tally, mode: Mode): number {
  const { key, touchKey, point, homing, thought, character } = OPERATORS;
  const typed = mode === 'touch' || mode === 'autofill' ? touchKey : key;
  return (
    tally.keys * typed.seconds +
    tally.points * point.seconds +
    tally.homings * homing.seconds +
    tally.thoughts * thought.seconds +
    tally.characters * character.seconds
  );
}

/** Seconds from the first field to the thanks page with the model's error: what the limit is compared with. */
export function promisedSeconds(tally: Tally, mode: Mode, responseSeconds: number): number {
  return (secondsOf(tally, mode) + responseSeconds) * ERROR_FACTOR;
}

/** Whether the claim holds for this way through the form. */
export function holds(tally: Tally, mode: Mode, responseSeconds: number): boolean {
  return promisedSeconds(tally, mode, responseSeconds) <= LIMIT_SECONDS[mode];
}
