import '#server-only';
import { z } from 'zod';
import { readNumber } from '../numbers.ts';
import { byLead, idRow, LEAD_COLUMNS, MAIL_COLUMNS, readCursor, toPage, toRecord } from '../rows.ts';
import type { Lead, LeadRecord } from '../schema.ts';
import type { Condition, LeadPage } from '../store.ts';
import type { Database } from './database.ts';

const CURRENT = 'LEFT JOIN lead_revisions AS shown ON shown.lead_id = leads.id AND shown.revision = leads.revision';

/** The mails of several leads, oldest first, by lead. */
function mailsOf(db: Database, leadIds: readonly string[]): Map<string, unknown[]> {
  const rows = db.all(
    `SELECT ${MAIL_COLUMNS} FROM outbox WHERE lead_id IN (SELECT value FROM json_each(?)) ORDER BY seq`,
    JSON.stringify(leadIds),
  );
  return byLead(rows);
}

/** `LeadStore.find`. */
export function find(db: Database, idOrNumber: string): LeadRecord | undefined {
  const row = db.get(
    `SELECT ${LEAD_COLUMNS} FROM leads ${CURRENT} WHERE leads.id = ? OR number = ?`,
    idOrNumber.trim().toLowerCase(),
    readNumber(idOrNumber) ?? '',
  );
  if (row === undefined) return undefined;
  const { id } = idRow.parse(row);
  return toRecord(row, mailsOf(db, [id]).get(id) ?? []);
}

/** A lead with the answers of one of its revisions, for the mail that tells of it. */
export function findRevision(db: Database, leadId: string, revision: number): LeadRecord {
  const row = db.get(
    `SELECT ${LEAD_COLUMNS} FROM leads JOIN lead_revisions AS shown ON shown.lead_id = leads.id AND shown.revision = ?
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

/** `LeadStore.list`: keyset paging, so that a page costs the same at a million leads and new ones shift nothing. */
export function list(db: Database, limit: number, after: string | undefined): LeadPage {
  const [receivedAt, id] = readCursor(after);
  const rows = db
    .all(
      `SELECT ${LEAD_COLUMNS} FROM leads ${CURRENT} WHERE (leads.received_at, leads.id) < (?, ?)
       ORDER BY leads.received_at DESC, leads.id DESC LIMIT ?`,
      receivedAt,
      id,
      limit,
    )
    .map((row) => ({ row, id: idRow.parse(row).id }));
  const mails = mailsOf(
    db,
    rows.map((entry) => entry.id),
  );
  return toPage(
    rows.map((entry) => toRecord(entry.row, mails.get(entry.id) ?? [])),
    limit,
  );
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
