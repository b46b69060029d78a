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
import type { Accepted, NewLead } from '../store.ts';
import type { Database } from './database.ts';

/** `LeadStore.accept`, inside a write transaction. `draw` makes reception numbers until one is free. */
export function accept(db: Database, to: Addressing, now: number, lead: NewLead, draw = drawNumber): Accepted {
  const row = db.get(
    `SELECT id, number, leads.revision, leads.received_at, reply_due_at, name, email, phone, start, follow_up, occasion
     FROM leads JOIN lead_revisions AS answers ON lead_id = id AND answers.revision = leads.revision
     WHERE submission_id = ?`,
    lead.submissionId,
  );
  if (row === undefined) return create(db, to, now, lead, draw);
  const known = knownLeadSchema.parse(row);
  const receipt = receiptOf(known);
  if (isRepetition(known, lead)) return { status: 'repeated', receipt };
  const { id, number } = known;
  const revision = known.revision + 1;
  const { state, reason } = standing(lead.verdict);
  insert(db, 'lead_revisions', revisionRow(id, revision, lead, known));
  db.run('UPDATE leads SET revision = ?, state = ?, reason = ? WHERE id = ?', revision, state, reason, id);
  if (lead.verdict.status === 'welcome') queueMails(db, to, now, { id, number, revision, email: lead.answers.email });
  return { status: 'revised', receipt };
}

function create(db: Database, to: Addressing, now: number, lead: NewLead, draw: () => string): Accepted {
  const id = randomUUID();
  let number = draw();
  while (db.get('SELECT 1 FROM leads WHERE number = ?', number) !== undefined) number = draw();
  insert(db, 'leads', leadRow(id, number, lead));
  insert(db, 'lead_revisions', revisionRow(id, 1, lead));
  if (lead.verdict.status === 'welcome') {
    queueMails(db, to, now, { id, number, revision: 1, email: lead.answers.email });
  }
  const { receivedAt, replyDueAt } = lead;
  return { status: 'created', receipt: { leadId: id, number, receivedAt, replyDueAt } };
}

/** The mails of one revision, but a visitor's who was written to lately. Returns how many. */
export function queueMails(db: Database, to: Addressing, now: number, told: Told): number {
  let queued = 0;
  for (const row of outboxRows(to, now, told)) {
    if (row.kind === 'visitor' && wasWrittenTo(db, now, row.recipient_key)) continue;
    queued += insert(db, 'outbox', row, 'ON CONFLICT (lead_id, revision, kind, recipient_key) DO NOTHING');
  }
  return queued;
}

function wasWrittenTo(db: Database, now: number, recipientKey: string): boolean {
  const written = db.get(
    `SELECT 1 FROM outbox WHERE kind = 'visitor' AND recipient_key = ? AND created_at > ?`,
    recipientKey,
    now - VISITOR_MAIL_EVERY_MS,
  );
  return written !== undefined;
}

export function insert(db: Database, table: string, row: Row, onConflict = ''): number {
  const columns = Object.keys(row);
  return db.run(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ${onConflict}`,
    ...Object.values(row),
  );
}
