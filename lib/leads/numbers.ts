import '#server-only';
import { randomInt } from 'node:crypto';

// Crockford's base32 (https://www.crockford.com/base32.html): no I, L, O, U, so that a number survives being read
// aloud over the telephone and written down by hand.
const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;
const GROUP = 4;

/**
 * A new reception number like `7K3M-9QXD`. Random (40 bits), so that it says nothing about how many register; the store
 * draws again when one is taken.
 */
export function drawNumber(): string {
  const symbols = Array.from({ length: LENGTH }, () => SYMBOLS.charAt(randomInt(SYMBOLS.length))).join('');
  return `${symbols.slice(0, GROUP)}-${symbols.slice(GROUP)}`;
}

/** A reception number as someone typed it: any case, with or without the hyphen, I and L for 1, O for 0. */
export function readNumber(typed: string): string | undefined {
  const symbols = typed.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replaceAll('O', '0');
  if (symbols.length !== LENGTH || [...symbols].some((symbol) => !SYMBOLS.includes(symbol))) return undefined;
  return `${symbols.slice(0, GROUP)}-${symbols.slice(GROUP)}`;
}
