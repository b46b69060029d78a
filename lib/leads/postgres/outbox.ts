import '#server-only';
import { z } from 'zod';
import { LATEST_MS, UNREADABLE_PAUSE_MS } from '../rows.ts';
import { MAIL_KINDS } from '../schema.ts';
import type { DueMail } from '../store.ts';
import type { Session } from './database.ts';
import { findRevisions, nameOf } from './records.ts';

const claimedRow = z.object({
  seq: z.number(),
  message_id: z.string(),
  lead_id: z.string(),
  revision: z.number(),
  kind: z.enum(MAIL_KINDS),
  recipient: z.string(),
  attempts: z.number(),
  created_at: z.number(),
  lease_token: z.string(),
});
type Claimed = z.infer<typeof claimedRow>;

/** `LeadStore.claimDue`, inside a write transaction. What another replica is claiming this moment is passed over. */
export async function claimDue(
  session: Session,
  limit: number,
  leaseSeconds: number,
  except: readonly string[] = [],
): Promise<DueMail[]> {
  const { now } = session;
  const rows = await session.all(
    `WITH due AS (
       SELECT seq FROM outbox
       WHERE state = 'pending' AND NOT next_attempt_at BETWEEN $1 AND $2
         AND (lease_until IS NULL OR NOT lease_until BETWEEN $1 AND $2)
         AND message_id <> ALL ($5)
       ORDER BY seq LIMIT $3 FOR UPDATE SKIP LOCKED)
     UPDATE outbox SET lease_token = gen_random_uuid(), lease_until = $4, attempts = attempts + 1
     FROM due WHERE outbox.seq = due.seq
     RETURNING outbox.seq, message_id, lead_id, revision, kind, recipient, attempts, created_at, lease_token`,
    now + 1,
    now + LATEST_MS,
    limit,
    now + leaseSeconds * 1000,
    except,
  );
  if (rows.length === 0) return [];
  const claimed = rows.map((row) => claimedRow.parse(row)).toSorted((a, b) => a.seq - b.seq);
  const leads = await findRevisions(session, claimed);
  const mails: DueMail[] = [];
  for (const row of claimed) {
    const lead = leads.get(nameOf(row)) ?? 'no such lead';
    if (typeof lead === 'string' || lead.state === 'erased') {
      await putOff(session, row, typeof lead === 'string' ? lead : 'the lead was erased');
      continue;
    }
    mails.push({
      lead,
      kind: row.kind,
      revision: row.revision,
      recipient: row.recipient,
      messageId: row.message_id,
      attempts: row.attempts,
      ageSeconds: Math.max(0, (now - row.created_at) / 1000),
      token: row.lease_token,
    });
  }
  return mails;
}

/** Shown with its mail; the lease is given back, so that one broken row does not stop all others. */
async function putOff({ now, run }: Session, { seq }: Claimed, note: string): Promise<void> {
  await run(
    `UPDATE outbox SET last_error = $1, next_attempt_at = $2, lease_token = NULL, lease_until = NULL WHERE seq = $3`,
    note,
    now + UNREADABLE_PAUSE_MS,
    seq,
  );
}

/** `LeadStore.markSent`. */
export async function markSent({ now, run }: Session, messageId: string): Promise<void> {
  await run(
    `UPDATE outbox SET state = 'sent', sent_at = $1, last_error = NULL, lease_token = NULL, lease_until = NULL
     WHERE message_id = $2 AND state <> 'sent'`,
    now,
    messageId,
  );
}

/** `LeadStore.markFailed`. */
export async function markFailed(
  { now, run }: Session,
  token: string,
  note: string,
  retryAfterSeconds: number,
): Promise<void> {
  await run(
    `UPDATE outbox SET last_error = $1, next_attempt_at = $2, lease_token = NULL, lease_until = NULL
     WHERE lease_token = $3 AND state = 'pending'`,
    note,
    now + Math.round(retryAfterSeconds * 1000),
    token,
  );
}

/** `LeadStore.markDead`. */
export async function markDead({ run }: Session, token: string, note: string): Promise<void> {
  await run(
    `UPDATE outbox SET state = 'dead', last_error = $1, lease_token = NULL, lease_until = NULL
     WHERE lease_token = $2 AND state = 'pending'`,
    note,
    token,
  );
}
