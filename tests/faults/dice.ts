import { randomInt } from 'node:crypto';

/** Random numbers that come back in the same order for the same seed. */
export type Dice = {
  readonly seed: number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
};

/**
 * Dice for one run, with the seed printed: `FAULT_SEED=… npm run bench faults` throws them again. What the kernel's
 * scheduler adds to it is not repeated, but the plan is the same.
 */
export function throwDice(name: string, seed = Number(process.env.FAULT_SEED) || randomInt(1, 2 ** 31)): Dice {
  console.log(`${name}: FAULT_SEED=${seed}`);
  let state = seed;
  /** mulberry32 (Tommy Ettinger, public domain): 32 bits of state are plenty for choosing moments. */
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    seed,
    between,
    chance: (probability) => next() < probability,
    pick: (list) => list[between(0, list.length - 1)] ?? list[0],
  };
}
