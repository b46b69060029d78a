import '#server-only';
import { type Addressing, addressKey } from '../acceptance.ts';
import { idRow } from '../rows.ts';
import type { Erasure, LeadStore } from '../store.ts';
import { queueMails } from './accept.ts';
import type { Session } from './database.ts';
import { find } from './records.ts';

type Answer<Method extends 'resend' | 'release'> = Awaited<ReturnType<LeadStore[Method]>>;

/** Keeps corrections and other operators off a lead until the transaction ends. */
async function lock(session: Session, ids: readonly string[]): Promise<void> {
  await session.all('SELECT id FROM leads WHERE id = ANY ($1) ORDER BY id FOR UPDATE', ids);
}

/** `LeadStore.resend`. */
export async function resend(session: Session, idOrNumber: string): Promise<Answer<'resend'>> {
  const lead = await find(session, idOrNumber);
  if (lead === undefined || lead.state === 'erased') return { status: 'unknown' };
  const mails = await session.run(
    // A new created_at: the five days of trying begin again.
    `UPDATE outbox SET state = 'pending', attempts = 0, created_at = $1, next_attempt_at = 0, sent_at = NULL,
       last_error = NULL
     WHERE lead_id = $2 AND (state <> 'sent' OR kind = 'agent')`,
    session.now,
    lead.id,
  );
  return { status: 'queued', mails };
}

/** `LeadStore.release`. */
export async function release(session: Session, to: Addressing, idOrNumber: string): Promise<Answer<'release'>> {
  const found = await find(session, idOrNumber);
  if (found === undefined) return { status: 'unknown' };
  await lock(session, [found.id]);
  const lead = await find(session, found.id);
  if (lead === undefined || lead.state === 'erased') return { status: 'unknown' };
  if (lead.state !== 'quarantined') return { status: 'free' };
  await session.run(`UPDATE leads SET state = 'new', reason = NULL WHERE id = $1`, lead.id);
  return { status: 'released', mails: await queueMails(session, to, lead) };
}

/** `LeadStore.erase`. */
export async function erase(session: Session, email: string): Promise<Erasure> {
  const rows = await session.all(
    'SELECT DISTINCT lead_id AS id FROM lead_revisions WHERE email_key = $1',
    addressKey(email),
  );
  if (rows.length === 0) return { status: 'unknown' };
  const ids = rows.map((row) => idRow.parse(row).id);
  await lock(session, ids);
  return (await eraseLeads(session, ids)) ? { status: 'erased', leads: ids.length } : { status: 'sending' };
}

/** `LeadStore.purge`. Of replicas that purge at once, each takes other leads. */
export async function purge(session: Session, before: number, limit: number, withdrawnBefore: number): Promise<number> {
  const rows = await session.all(
    `SELECT id FROM leads WHERE state <> 'erased' AND id IN (
       SELECT id FROM leads WHERE state <> 'erased' AND received_at < $1
       UNION
       SELECT lead_id FROM lead_revisions AS last JOIN leads AS own ON id = lead_id AND own.revision = last.revision
       WHERE occasion = 'withdrawal' AND last.received_at < $2)
     LIMIT $3 FOR UPDATE SKIP LOCKED`,
    before,
    withdrawnBefore,
    limit,
  );
  const ids = rows.map((row) => idRow.parse(row).id);
  return (await eraseLeads(session, ids)) ? ids.length : 0;
}

/** Leaves a receipt without a person. Refuses, changing nothing, while one of the mails is being sent. */
async function eraseLeads(session: Session, ids: readonly string[]): Promise<boolean> {
  // Locked in order, so that no replica claims one of the mails meanwhile, nor two erasures wait for each other.
  await session.all('SELECT seq FROM outbox WHERE lead_id = ANY ($1) ORDER BY seq FOR UPDATE', ids);
  const leased = await session.get(
    `SELECT 1 FROM outbox WHERE lead_id = ANY ($1) AND state = 'pending' AND lease_until > $2`,
    ids,
    session.now,
  );
  if (leased !== undefined) return false;
  await session.run(
    'INSERT INTO mail_removals SELECT message_id FROM outbox WHERE lead_id = ANY ($1) ON CONFLICT DO NOTHING',
    ids,
  );
  await session.run('DELETE FROM outbox WHERE lead_id = ANY ($1)', ids);
  await session.run('DELETE FROM lead_revisions WHERE lead_id = ANY ($1)', ids);
  await session.run(
    `UPDATE leads SET state = 'erased', submission_id = NULL, reason = NULL, article = NULL, cta = NULL,
       referrer = NULL, utm = NULL
     WHERE id = ANY ($1)`,
    ids,
  );
  return true;
}

/** `LeadStore.removals`. */
export async function removals(session: Session): Promise<string[]> {
  const rows = await session.all('SELECT message_id AS id FROM mail_removals ORDER BY message_id LIMIT 1000');
  return rows.map((row) => idRow.parse(row).id);
}

/** `LeadStore.forgetRemovals`. */
export async function forgetRemovals({ run }: Session, messageIds: readonly string[]): Promise<void> {
  await run('DELETE FROM mail_removals WHERE message_id = ANY ($1)', messageIds);
}
