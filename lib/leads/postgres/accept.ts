import '#server-only';
import { randomUUID } from 'node:crypto';
import {
  type Addressing,
  isRepetition,
  knownLeadSchema,
  leadRow,
  outboxRows,
  type Row,
  receiptOf,
  revisionRow,
  standing,
  type Told,
  VISITOR_MAIL_EVERY_MS,
} from '../acceptance.ts';
import { drawNumber } from '../numbers.ts';
import { idRow } from '../rows.ts';
import type { Accepted, NewLead } from '../store.ts';
import { asJson, type Session } from './database.ts';

/** First half of the advisory locks under which a visitor's address is checked and written to; any number of ours. */
const ADDRESS_LOCKS = 4_270_582;

/**
 * `LeadStore.accept`, inside a write transaction. Whoever inserts a submission id first creates the lead; everybody
 * else waits for that transaction and finds it. `draw` makes reception numbers until one is free.
 */
export async function accept(
  session: Session,
  to: Addressing,
  lead: NewLead,
  draw: () => string = drawNumber,
): Promise<Accepted> {
  for (;;) {
    const created = await create(session, to, lead, draw());
    if (created) return created;
    const known = await findKnown(session, lead.submissionId);
    if (known) return reviseOrRepeat(session, to, lead, known);
    // The number was taken, or the lead erased in between: neither twice in a row.
  }
}

async function create(session: Session, to: Addressing, lead: NewLead, number: string): Promise<Accepted | undefined> {
  const id = randomUUID();
  if ((await insert(session, 'leads', leadRow(id, number, lead), 'ON CONFLICT DO NOTHING')) === 0) return undefined;
  await insert(session, 'lead_revisions', revisionRow(id, 1, lead));
  if (lead.verdict.status === 'welcome') {
    await queueMails(session, to, { id, number, revision: 1, email: lead.answers.email });
  }
  const { receivedAt, replyDueAt } = lead;
  return { status: 'created', receipt: { leadId: id, number, receivedAt, replyDueAt } };
}

/** Locked against other corrections of the same lead. Two statements: only a later one sees what the lock waited for. */
async function findKnown(session: Session, submissionId: string) {
  const locked = await session.get('SELECT id FROM leads WHERE submission_id = $1 FOR UPDATE', submissionId);
  if (locked === undefined) return undefined;
  const row = await session.get(
    `SELECT id, number, leads.revision, leads.received_at, reply_due_at, name, email, phone, start, follow_up, occasion
     FROM leads JOIN lead_revisions AS answers ON lead_id = id AND answers.revision = leads.revision WHERE id = $1`,
    idRow.parse(locked).id,
  );
  return knownLeadSchema.parse(row);
}

async function reviseOrRepeat(
  session: Session,
  to: Addressing,
  lead: NewLead,
  known: NonNullable<Awaited<ReturnType<typeof findKnown>>>,
): Promise<Accepted> {
  const receipt = receiptOf(known);
  if (isRepetition(known, lead)) return { status: 'repeated', receipt };
  const { id, number } = known;
  const revision = known.revision + 1;
  const { state, reason } = standing(lead.verdict);
  await insert(session, 'lead_revisions', revisionRow(id, revision, lead, known));
  await session.run(
    'UPDATE leads SET revision = $1, state = $2, reason = $3 WHERE id = $4',
    revision,
    state,
    reason,
    id,
  );
  if (lead.verdict.status === 'welcome') {
    await queueMails(session, to, { id, number, revision, email: lead.answers.email });
  }
  return { status: 'revised', receipt };
}

/**
 * The mails of one revision, but a visitor's who was written to lately: for one address, replicas take turns until
 * they commit. Returns how many.
 */
export async function queueMails(session: Session, to: Addressing, told: Told): Promise<number> {
  const rows = outboxRows(to, session.now, told);
  const visitor = rows.find(({ kind }) => kind === 'visitor');
  if (visitor) {
    await session.get('SELECT pg_advisory_xact_lock($1, hashtext($2))', ADDRESS_LOCKS, visitor.recipient_key);
  }
  return session.run(
    `INSERT INTO outbox (message_id, lead_id, revision, kind, recipient, recipient_key, created_at, next_attempt_at)
     SELECT message_id, lead_id, revision, kind, recipient, recipient_key, created_at, next_attempt_at
     FROM json_populate_recordset(NULL::outbox, $1) AS mail
     WHERE kind = 'agent' OR NOT EXISTS (
       SELECT 1 FROM outbox AS earlier
       WHERE earlier.kind = 'visitor' AND earlier.recipient_key = mail.recipient_key AND earlier.created_at > $2)
     ON CONFLICT (lead_id, revision, kind, recipient_key) DO NOTHING`,
    asJson(rows),
    session.now - VISITOR_MAIL_EVERY_MS,
  );
}

export function insert(session: Session, table: string, row: Row, onConflict = ''): Promise<number> {
  const columns = Object.keys(row);
  return session.run(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})
     ${onConflict}`,
    ...Object.values(row),
  );
}
