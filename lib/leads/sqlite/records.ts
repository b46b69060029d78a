import '#server-only';
import { z } from 'zod';
import { readNumber } from '../numbers.ts';
import { erasedLeadSchema, type Lead, type LeadRecord, leadSchema } from '../schema.ts';
import type { Condition, LeadPage } from '../store.ts';
import type { Database } from './database.ts';

/** What reads a lead with the answers of one revision; `shown` names that revision. */
const COLUMNS = `leads.id, number, shown.revision, leads.received_at AS receivedAt, reply_due_at AS replyDueAt, state,
  reason, article, cta, referrer, utm, name, email, phone, phone_e164 AS phoneE164, start,
  consent_version AS consentVersion, shown.received_at AS consentAt`;
const CURRENT = 'LEFT JOIN lead_revisions AS shown ON shown.lead_id = leads.id AND shown.revision = leads.revision';

const withoutNulls = (row: unknown): unknown =>
  Object.fromEntries(
    Object.entries(z.record(z.string(), z.unknown()).parse(row)).filter(([, value]) => value !== null),
  );

const leadRow = z.looseObject({
  state: z.string(),
  article: z.string().optional(),
  cta: z.string().optional(),
  referrer: z.string().optional(),
  utm: z.string().optional(),
  consentVersion: z.string().optional(),
  consentAt: z.number().optional(),
});
const mailRow = z.looseObject({ leadId: z.string() });

/** One row of `COLUMNS` and its mails as a record. */
function toRecord(row: unknown, mails: unknown[]): LeadRecord {
  const { article, cta, referrer, utm, consentVersion, consentAt, ...lead } = leadRow.parse(withoutNulls(row));
  if (lead.state === 'erased') return erasedLeadSchema.parse(lead);
  return leadSchema.parse({
    ...lead,
    source: { article, cta, referrer, utm },
    consent: { version: consentVersion, at: consentAt },
    mails,
  });
}

/** The mails of several leads, oldest first, by lead. */
function mailsOf(db: Database, leadIds: readonly string[]): Map<string, unknown[]> {
  const rows = db.all(
    `SELECT lead_id AS leadId, kind, message_id AS messageId, state, attempts, last_error AS lastError, sent_at AS sentAt
     FROM outbox WHERE lead_id IN (SELECT value FROM json_each(?)) ORDER BY seq`,
    JSON.stringify(leadIds),
  );
  return Map.groupBy(rows.map(withoutNulls), (row) => mailRow.parse(row).leadId);
}

/** `LeadStore.find`. */
export function find(db: Database, idOrNumber: string): LeadRecord | undefined {
  const row = db.get(
    `SELECT ${COLUMNS} FROM leads ${CURRENT} WHERE leads.id = ? OR number = ?`,
    idOrNumber.trim().toLowerCase(),
    readNumber(idOrNumber) ?? '',
  );
  if (row === undefined) return undefined;
  const { id } = z.object({ id: z.string() }).parse(row);
  return toRecord(row, mailsOf(db, [id]).get(id) ?? []);
}

/** A lead with the answers of one of its revisions, for the mail that tells of it. */
export function findRevision(db: Database, leadId: string, revision: number): LeadRecord {
  const row = db.get(
    `SELECT ${COLUMNS} FROM leads JOIN lead_revisions AS shown ON shown.lead_id = leads.id AND shown.revision = ?
     WHERE leads.id = ?`,
    revision,
    leadId,
  );
  return toRecord(row, mailsOf(db, [leadId]).get(leadId) ?? []);
}

/** `LeadStore.history`. */
export function history(db: Database, idOrNumber: string): Lead[] {
  const lead = find(db, idOrNumber);
  if (lead === undefined || lead.state === 'erased') return [];
  return Array.from({ length: lead.revision - 1 }, (_, index) => findRevision(db, lead.id, index + 1)).filter(
    (earlier) => earlier.state !== 'erased',
  );
}

const cursor = z.tuple([z.number(), z.string()]);

/** `LeadStore.list`: keyset paging, so that a page costs the same at a million leads and new ones shift nothing. */
export function list(db: Database, limit: number, after: string | undefined): LeadPage {
  const [receivedAt, id] = after === undefined ? [Number.MAX_SAFE_INTEGER, ''] : cursor.parse(JSON.parse(after));
  const rows = db
    .all(
      `SELECT ${COLUMNS} FROM leads ${CURRENT} WHERE (leads.received_at, leads.id) < (?, ?)
       ORDER BY leads.received_at DESC, leads.id DESC LIMIT ?`,
      receivedAt,
      id,
      limit,
    )
    .map((row) => ({ row, id: z.object({ id: z.string() }).parse(row).id }));
  const mails = mailsOf(
    db,
    rows.map((entry) => entry.id),
  );
  const leads = rows.map((entry) => toRecord(entry.row, mails.get(entry.id) ?? []));
  const last = leads.at(-1);
  return last && leads.length === limit
    ? { leads, next: JSON.stringify([last.receivedAt.getTime(), last.id]) }
    : { leads };
}

const counts = z.object({
  pending: z.number(),
  oldest: z.number().nullable(),
  dead: z.number(),
  quarantined: z.number(),
});

/** `LeadStore.condition`, from partial indexes alone. */
export function condition(db: Database): Condition {
  const { oldest, ...rest } = counts.parse(
    db.get(`SELECT
      (SELECT count(*) FROM outbox WHERE state = 'pending') AS pending,
      (SELECT min(created_at) FROM outbox WHERE state = 'pending') AS oldest,
      (SELECT count(*) FROM outbox WHERE state = 'dead') AS dead,
      (SELECT count(*) FROM leads WHERE state = 'quarantined') AS quarantined`),
  );
  return oldest === null ? rest : { ...rest, oldestUnsentAt: new Date(oldest) };
}
