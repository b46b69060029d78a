import '#server-only';
import type { Addressing } from './acceptance.ts';
import { accept } from './postgres/accept.ts';
import { amend } from './postgres/amend.ts';
import { erase, forgetRemovals, purge, release, removals, resend } from './postgres/care.ts';
import { openDatabase } from './postgres/database.ts';
import { claimDue, markDead, markFailed, markSent } from './postgres/outbox.ts';
import { condition, find, history, list } from './postgres/records.ts';
import type { LeadStore } from './store.ts';

/** Leaves a visitor, who waits for at most 10 s, time for a page that says so. */
const ANSWER_WITHIN_MS = 8000;

export type PostgresStoreOptions = Addressing & {
  /** `postgres://…`; TLS as its `sslmode` says. */
  url: string;
  /** The store's clock, by which mails fall due and leases end: the database's, so that replicas agree. */
  clock?: () => Date;
  /** A request that takes longer is refused. */
  answerWithinMs?: number;
};

/**
 * Leads in PostgreSQL, for several replicas of the site. Nothing is connected before the first request, which also
 * brings the schema up to date; a server that is restarted or cut off is waited for and asked again. While no request
 * is under way, it does not keep the process alive.
 */
export function openPostgresStore(options: PostgresStoreOptions): LeadStore {
  const { url, clock, answerWithinMs = ANSWER_WITHIN_MS, ...to } = options;
  const { read, write, close } = openDatabase({ url, clock, answerWithinMs });
  const listeners = new Set<() => void>();
  // A second run would tell the operator something else than the first one that was committed.
  const once = { repeatable: false };

  const tellListeners = <T>(result: T): T => {
    for (const listener of listeners) listener();
    return result;
  };

  return {
    accept: async (lead) => tellListeners(await write((session) => accept(session, to, lead))),
    amend: async (leadId, amendment, at) =>
      tellListeners(await write((session) => amend(session, to, leadId, amendment, at))),
    claimDue: (limit, leaseSeconds, except) => write((session) => claimDue(session, limit, leaseSeconds, except)),
    markSent: (messageId) => write((session) => markSent(session, messageId)),
    markFailed: (token, note, seconds) => write((session) => markFailed(session, token, note, seconds)),
    markDead: (token, note) => write((session) => markDead(session, token, note)),
    watch: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    find: (idOrNumber) => read((session) => find(session, idOrNumber)),
    history: (idOrNumber) => read((session) => history(session, idOrNumber)),
    list: ({ limit, after }) => read((session) => list(session, limit, after)),
    condition: () => read(condition),
    resend: async (idOrNumber) => tellListeners(await write((session) => resend(session, idOrNumber), once)),
    release: async (idOrNumber) => tellListeners(await write((session) => release(session, to, idOrNumber), once)),
    erase: (email) => write((session) => erase(session, email), once),
    purge: (before, limit, withdrawnBefore = before) =>
      write((session) => purge(session, before.getTime(), limit, withdrawnBefore.getTime()), once),
    removals: () => read(removals),
    forgetRemovals: (messageIds) => write((session) => forgetRemovals(session, messageIds)),
    close,
  };
}
