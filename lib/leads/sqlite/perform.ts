import '#server-only';
import type { Addressing } from '../acceptance.ts';
import { accept } from './accept.ts';
import { amend } from './amend.ts';
import { erase, forgetRemovals, purge, release, removals, resend } from './care.ts';
import type { Database } from './database.ts';
import { claimDue, markDead, markFailed, markSent } from './outbox.ts';
import type { Request } from './protocol.ts';
import { condition, find, history, list } from './records.ts';

/** What one request asks for; writes are inside a transaction. Returns what the method of `LeadStore` promises. */
export function perform(db: Database, addressing: Addressing, { name, args, now }: Request): unknown {
  switch (name) {
    case 'accept':
      return accept(db, addressing, now, ...args);
    case 'amend':
      return amend(db, addressing, now, ...args);
    case 'claimDue':
      return claimDue(db, now, ...args);
    case 'markSent':
      return markSent(db, now, ...args);
    case 'markFailed':
      return markFailed(db, now, ...args);
    case 'markDead':
      return markDead(db, ...args);
    case 'find':
      return find(db, ...args);
    case 'history':
      return history(db, ...args);
    case 'list':
      return list(db, args[0].limit, args[0].after);
    case 'condition':
      return condition(db);
    case 'resend':
      return resend(db, now, ...args);
    case 'release':
      return release(db, addressing, now, ...args);
    case 'erase':
      return erase(db, now, ...args);
    case 'purge':
      return purge(db, now, args[0].getTime(), args[1], (args[2] ?? args[0]).getTime());
    case 'removals':
      return removals(db);
    case 'forgetRemovals':
      return forgetRemovals(db, ...args);
  }
}
