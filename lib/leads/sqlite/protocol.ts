import '#server-only';
import type { LeadStore } from '../store.ts';
import type { StoreFault } from '../store-error.ts';

/** What the store's thread does; the rest of `LeadStore` lives on the asking side. */
type Operation = Exclude<keyof LeadStore, 'watch' | 'close'>;

/** `now` is the store's clock, `deadline` a `monotonicMs` after which a write may no longer begin. */
export type Request = {
  [Name in Operation]: { id: number; name: Name; args: Parameters<LeadStore[Name]>; now: number; deadline: number };
}[Operation];

/** `bug`: not a fault of the store but of the code; its message says what. */
export type Answer = { id: number; value: unknown } | { id: number; fault: StoreFault | 'bug'; message: string };

/** Reads do not wait for the writer's lock. */
export function isRead(name: Operation): boolean {
  return READS.has(name);
}

const READS: ReadonlySet<Operation> = new Set(['find', 'history', 'list', 'condition', 'removals']);

/** A clock that all threads share and nobody sets. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}
