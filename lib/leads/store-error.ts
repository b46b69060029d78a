import '#server-only';
import { describeBug, describeError } from '#lib/log.ts';

/**
 * Why a store could not do what it was asked. `unreachable`: it did not answer in time, so whether it changed
 * anything is open. `unsupported`: this machine or this database is not one the code may touch.
 */
export type StoreFault = 'locked' | 'full' | 'read-only' | 'damaged' | 'unreachable' | 'unsupported';

/** The one error a `LeadStore` rejects with when the cause lies outside the code. */
export class StoreError extends Error {
  override name = 'StoreError';
  readonly fault: StoreFault;

  constructor(fault: StoreFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

const FAULTS: readonly unknown[] = ['locked', 'full', 'read-only', 'damaged', 'unreachable', 'unsupported'];

/**
 * Whether an error is a `StoreError`. Not by `instanceof`: Next bundles a second copy of this class, and the store
 * that the pages use may have been opened by server.ts.
 */
export function isStoreError(error: unknown): error is StoreError {
  return error instanceof Error && error.name === 'StoreError' && 'fault' in error && FAULTS.includes(error.fault);
}

/** Why a lead was not kept, for a log line: what the store says of its disk or database, or where a bug is, never what it says. */
export function describeFailure(error: unknown): { fault: StoreFault | 'bug' } & Record<string, string> {
  return isStoreError(error)
    ? { fault: error.fault, ...describeError(error) }
    : { fault: 'bug', ...describeBug(error) };
}
