import '#server-only';
import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { deliverable } from '../mail-address.ts';
import { drawNumber } from '../numbers.ts';
import type { MailKind, Receipt } from '../schema.ts';
import type { Accepted, NewLead } from '../store.ts';
import type { Database } from './database.ts';

/** Who is written to, and the domain of Message-IDs. */
export type Addressing = { agents: readonly string[]; mailDomain: string };

const ONE_DAY_MS = 24 * 60 * 60 * 1000;

const knownLead = z.object({
  id: z.string(),
  number: z.string(),
  revision: z.number(),
  received_at: z.number(),
  reply_due_at: z.number(),
  name: z.string(),
  email: z.string(),
  phone: z.string(),
  start: z.string(),
});

/** `LeadStore.accept`, inside a write transaction. `draw` makes reception numbers until one is free. */
export function accept(db: Database, to: Addressing, now: number, lead: NewLead, draw = drawNumber): Accepted {
  const row = db.get(
    `SELECT id, number, leads.revision, leads.received_at, reply_due_at, name, email, phone, start
     FROM leads JOIN lead_revisions AS answers ON lead_id = id AND answers.revision = leads.revision
     WHERE submission_id = ?`,
    lead.submissionId,
  );
  if (row === undefined) return create(db, to, now, lead, draw);
  const known = knownLead.parse(row);
  const receipt: Receipt = {
    leadId: known.id,
    number: known.number,
    receivedAt: new Date(known.received_at),
    replyDueAt: new Date(known.reply_due_at),
  };
  const { answers } = lead;
  if ((['name', 'email', 'phone', 'start'] as const).every((question) => answers[question] === known[question])) {
    return { status: 'repeated', receipt };
  }
  const revision = known.revision + 1;
  addRevision(db, known.id, revision, lead);
  db.run(
    'UPDATE leads SET revision = ?, state = ?, reason = ? WHERE id = ?',
    revision,
    lead.verdict.status === 'welcome' ? 'new' : 'quarantined',
    lead.verdict.status === 'welcome' ? null : lead.verdict.reason,
    known.id,
  );
  if (lead.verdict.status === 'welcome') {
    queueMails(db, to, now, { id: known.id, number: known.number, revision, email: answers.email });
  }
  return { status: 'revised', receipt };
}

function create(db: Database, to: Addressing, now: number, lead: NewLead, draw: () => string): Accepted {
  const id = randomUUID();
  let number = draw();
  while (db.get('SELECT 1 FROM leads WHERE number = ?', number) !== undefined) number = draw();
  db.run(
    `INSERT INTO leads (id, number, submission_id, revision, received_at, reply_due_at, state, reason,
       article, cta, referrer, utm)
     VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    number,
    lead.submissionId,
    lead.receivedAt.getTime(),
    lead.replyDueAt.getTime(),
    lead.verdict.status === 'welcome' ? 'new' : 'quarantined',
    lead.verdict.status === 'welcome' ? null : lead.verdict.reason,
    lead.source.article ?? null,
    lead.source.cta ?? null,
    lead.source.referrer ?? null,
    lead.source.utm ?? null,
  );
  addRevision(db, id, 1, lead);
  if (lead.verdict.status === 'welcome') {
    queueMails(db, to, now, { id, number, revision: 1, email: lead.answers.email });
  }
  const { receivedAt, replyDueAt } = lead;
  return { status: 'created', receipt: { leadId: id, number, receivedAt, replyDueAt } };
}

function addRevision(db: Database, leadId: string, revision: number, { answers, ...lead }: NewLead): void {
  db.run(
    `INSERT INTO lead_revisions (lead_id, revision, received_at, name, email, email_key, phone, phone_e164, start,
       consent_version)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    leadId,
    revision,
    lead.receivedAt.getTime(),
    answers.name,
    answers.email,
    addressKey(answers.email),
    answers.phone,
    answers.phoneE164,
    answers.start,
    lead.consentVersion,
  );
}

/**
 * The mails of one revision: to every agent, and to the visitor unless no mail can reach the address or it was sent
 * one within 24 hours, so that nobody can use the form to fill a stranger's mailbox. Returns how many.
 */
export function queueMails(
  db: Database,
  to: Addressing,
  now: number,
  lead: { id: string; number: string; revision: number; email: string },
): number {
  const add = (kind: MailKind, recipient: string) =>
    db.run(
      `INSERT INTO outbox (message_id, lead_id, revision, kind, recipient, recipient_key, created_at, next_attempt_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (lead_id, revision, kind, recipient_key) DO NOTHING`,
      // The number makes a local mailbox readable by file name; the rest makes the id unique in the world.
      `<${lead.number}.${kind}.${randomBytes(8).toString('hex')}@${to.mailDomain}>`,
      lead.id,
      lead.revision,
      kind,
      recipient,
      addressKey(recipient),
      now,
    );
  let queued = 0;
  for (const agent of to.agents) queued += add('agent', agent);
  const visitor = deliverable(lead.email);
  if (visitor === undefined) return queued;
  const written = db.get(
    `SELECT 1 FROM outbox WHERE kind = 'visitor' AND recipient_key = ? AND created_at > ?`,
    addressKey(visitor),
    now - ONE_DAY_MS,
  );
  return written === undefined ? queued + add('visitor', visitor) : queued;
}

/** Addresses are compared in lower case: few servers tell `Taro@` from `taro@`, and no person does. */
export function addressKey(address: string): string {
  return address.toLowerCase();
}
