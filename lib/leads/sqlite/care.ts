import '#server-only';
import { type Addressing, addressKey } from '../acceptance.ts';
import { idRow } from '../rows.ts';
import type { Erasure, LeadStore } from '../store.ts';
import { queueMails } from './accept.ts';
import type { Database } from './database.ts';
import { find } from './records.ts';

type Answer<Method extends 'resend' | 'release'> = Awaited<ReturnType<LeadStore[Method]>>;

/** `LeadStore.resend`. */
export function resend(db: Database, now: number, idOrNumber: string): Answer<'resend'> {
  const lead = find(db, idOrNumber);
  if (lead === undefined || lead.state === 'erased') return { status: 'unknown' };
  const mails = db.run(
    // A new created_at: the five days of trying begin again.
    `UPDATE outbox SET state = 'pending', attempts = 0, created_at = ?, next_attempt_at = 0, sent_at = NULL,
       last_error = NULL
     WHERE lead_id = ? AND (state <> 'sent' OR kind = 'agent')`,
    now,
    lead.id,
  );
  return { status: 'queued', mails };
}

/** `LeadStore.release`. */
export function release(db: Database, to: Addressing, now: number, idOrNumber: string): Answer<'release'> {
  const lead = find(db, idOrNumber);
  if (lead === undefined || lead.state === 'erased') return { status: 'unknown' };
  if (lead.state !== 'quarantined') return { status: 'free' };
  db.run(`UPDATE leads SET state = 'new', reason = NULL WHERE id = ?`, lead.id);
  return { status: 'released', mails: queueMails(db, to, now, lead) };
}

/** `LeadStore.erase`. */
export function erase(db: Database, now: number, email: string): Erasure {
  const ids = db
    .all('SELECT DISTINCT lead_id AS id FROM lead_revisions WHERE email_key = ?', addressKey(email))
    .map((row) => idRow.parse(row).id);
  if (ids.length === 0) return { status: 'unknown' };
  return eraseLeads(db, now, ids) ? { status: 'erased', leads: ids.length } : { status: 'sending' };
}

/** `LeadStore.purge`. */
export function purge(db: Database, now: number, before: number, limit: number, withdrawnBefore: number): number {
  const ids = db
    .all(
      `SELECT id FROM (
         SELECT id FROM leads WHERE state <> 'erased' AND received_at < ?
         UNION
         SELECT lead_id FROM lead_revisions AS last JOIN leads ON id = lead_id AND leads.revision = last.revision
         WHERE occasion = 'withdrawal' AND last.received_at < ?)
       LIMIT ?`,
      before,
      withdrawnBefore,
      limit,
    )
    .map((row) => idRow.parse(row).id);
  return eraseLeads(db, now, ids) ? ids.length : 0;
}

/** Leaves a receipt without a person. Refuses, changing nothing, while one of the mails is being sent. */
function eraseLeads(db: Database, now: number, ids: readonly string[]): boolean {
  const those = 'lead_id IN (SELECT value FROM json_each(?))';
  const list = JSON.stringify(ids);
  const leased = `SELECT 1 FROM outbox WHERE ${those} AND state = 'pending' AND lease_until > ?`;
  if (db.get(leased, list, now) !== undefined) return false;
  db.run(`INSERT OR IGNORE INTO mail_removals SELECT message_id FROM outbox WHERE ${those}`, list);
  db.run(`DELETE FROM outbox WHERE ${those}`, list);
  db.run(`DELETE FROM lead_revisions WHERE ${those}`, list);
  db.run(
    `UPDATE leads SET state = 'erased', submission_id = NULL, reason = NULL, article = NULL, cta = NULL,
       referrer = NULL, utm = NULL
     WHERE id IN (SELECT value FROM json_each(?))`,
    list,
  );
  return true;
}

/** `LeadStore.removals`. */
export function removals(db: Database): string[] {
  return db
    .all('SELECT message_id AS id FROM mail_removals ORDER BY message_id LIMIT 1000')
    .map((row) => idRow.parse(row).id);
}

/** `LeadStore.forgetRemovals`. */
export function forgetRemovals(db: Database, messageIds: readonly string[]): void {
  db.run('DELETE FROM mail_removals WHERE message_id IN (SELECT value FROM json_each(?))', JSON.stringify(messageIds));
}
