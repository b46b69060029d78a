import '#server-only';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { LATEST_MS, UNREADABLE_PAUSE_MS, unreadable } from '../rows.ts';
import { type Lead, MAIL_KINDS } from '../schema.ts';
import type { DueMail } from '../store.ts';
import type { Database } from './database.ts';
import { findRevision } from './records.ts';

const dueRow = z.object({
  seq: z.number(),
  message_id: z.string(),
  lead_id: z.string(),
  revision: z.number(),
  kind: z.enum(MAIL_KINDS),
  recipient: z.string(),
  attempts: z.number(),
  created_at: z.number(),
});

/** `LeadStore.claimDue`, inside a write transaction. */
export function claimDue(
  db: Database,
  now: number,
  limit: number,
  leaseSeconds: number,
  except: readonly string[] = [],
): DueMail[] {
  const rows = db.all(
    `SELECT seq, message_id, lead_id, revision, kind, recipient, attempts, created_at FROM outbox
     WHERE state = 'pending' AND NOT next_attempt_at BETWEEN ?1 + 1 AND ?1 + ?2
       AND (lease_until IS NULL OR NOT lease_until BETWEEN ?1 + 1 AND ?1 + ?2)
       AND message_id NOT IN (SELECT value FROM json_each(?4))
     ORDER BY seq LIMIT ?3`,
    now,
    LATEST_MS,
    limit,
    JSON.stringify(except),
  );
  return rows.flatMap((row) => {
    const due = dueRow.parse(row);
    const lead = readLead(db, due.lead_id, due.revision);
    if (typeof lead === 'string') {
      // Put off and shown with its mail, so that one broken row does not stop all others.
      db.run(
        'UPDATE outbox SET last_error = ?, attempts = attempts + 1, next_attempt_at = ? WHERE seq = ?',
        lead,
        now + UNREADABLE_PAUSE_MS,
        due.seq,
      );
      return [];
    }
    const token = randomUUID();
    db.run(
      'UPDATE outbox SET lease_token = ?, lease_until = ?, attempts = attempts + 1 WHERE seq = ?',
      token,
      now + leaseSeconds * 1000,
      due.seq,
    );
    return {
      lead,
      kind: due.kind,
      revision: due.revision,
      recipient: due.recipient,
      messageId: due.message_id,
      attempts: due.attempts + 1,
      ageSeconds: Math.max(0, (now - due.created_at) / 1000),
      token,
    };
  });
}

/** The lead that a mail tells of, or why it cannot be read. */
function readLead(db: Database, leadId: string, revision: number): Lead | string {
  try {
    const lead = findRevision(db, leadId, revision);
    return lead.state === 'erased' ? 'the lead was erased' : lead;
  } catch (error) {
    return unreadable(error);
  }
}

/** `LeadStore.markSent`. */
export function markSent(db: Database, now: number, messageId: string): void {
  db.run(
    `UPDATE outbox SET state = 'sent', sent_at = ?, last_error = NULL, lease_token = NULL, lease_until = NULL
     WHERE message_id = ? AND state <> 'sent'`,
    now,
    messageId,
  );
}

/** `LeadStore.markFailed`. */
export function markFailed(db: Database, now: number, token: string, note: string, retryAfterSeconds: number): void {
  db.run(
    `UPDATE outbox SET last_error = ?, next_attempt_at = ?, lease_token = NULL, lease_until = NULL
     WHERE lease_token = ? AND state = 'pending'`,
    note,
    now + Math.round(retryAfterSeconds * 1000),
    token,
  );
}

/** `LeadStore.markDead`. */
export function markDead(db: Database, token: string, note: string): void {
  db.run(
    `UPDATE outbox SET state = 'dead', last_error = ?, lease_token = NULL, lease_until = NULL
     WHERE lease_token = ? AND state = 'pending'`,
    note,
    token,
  );
}
