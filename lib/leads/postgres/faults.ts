import '#server-only';
import { DatabaseError } from 'pg';
import { StoreError, type StoreFault } from '../store-error.ts';

/** Why something failed, and whether the same may go well a moment later. */
export type Failure = { error: Error; mayPass: boolean };

// SQLSTATE codes and classes (https://www.postgresql.org/docs/current/errcodes-appendix.html); the first that a code
// begins with holds.
const FAULTS: readonly [code: string, fault: StoreFault, mayPass: boolean][] = [
  ['08', 'unreachable', true],
  ['25006', 'read-only', true],
  ['28', 'unsupported', false],
  ['3D', 'unsupported', false],
  ['42501', 'unsupported', false],
  ['40', 'locked', true],
  ['53100', 'full', false],
  ['53', 'unreachable', true],
  ['55P03', 'locked', true],
  ['57014', 'locked', true],
  ['57P', 'unreachable', true],
  ['58', 'damaged', false],
  ['XX001', 'damaged', false],
  ['XX002', 'damaged', false],
];

const HINTS: Partial<Record<StoreFault, string>> = {
  unsupported: 'DATABASE_URLの利用者名、パスワード、データベース名と、その利用者の権限を確かめてください',
};

/**
 * What an error of the driver means. Its own message is never repeated: PostgreSQL quotes rows and values, which are
 * people's. An error that is not the server's word is a lost connection.
 */
export function readFailure(error: unknown): Failure {
  if (error instanceof StoreError) return { error, mayPass: false };
  if (!(error instanceof DatabaseError)) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no connection';
    return { error: new StoreError('unreachable', `PostgreSQL: ${code}`), mayPass: true };
  }
  const { code = '', table, constraint } = error;
  const [, fault, mayPass] = FAULTS.find(([start]) => code.startsWith(start)) ?? [];
  if (fault === undefined || mayPass === undefined) {
    return { error: new Error(['PostgreSQL:', code, table, constraint].filter(Boolean).join(' ')), mayPass: false };
  }
  return { error: new StoreError(fault, `PostgreSQL: ${[code, HINTS[fault]].filter(Boolean).join(' ')}`), mayPass };
}
