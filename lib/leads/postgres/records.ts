import '#server-only';
import { z } from 'zod';
import { readNumber } from '../numbers.ts';
import { byLead, idRow, LEAD_COLUMNS, MAIL_COLUMNS, readCursor, toPage, toRecord, unreadable } from '../rows.ts';
import type { Lead, LeadRecord } from '../schema.ts';
import type { Condition, LeadPage } from '../store.ts';
import type { Session } from './database.ts';

const CURRENT = 'LEFT JOIN lead_revisions AS shown ON shown.lead_id = leads.id AND shown.revision = leads.revision';

/** Rows of `LEAD_COLUMNS` with the mails of their leads, oldest mail first. */
async function withMails(session: Session, rows: readonly unknown[]): Promise<[row: unknown, mails: unknown[]][]> {
  const ids = rows.map((row) => idRow.parse(row).id);
  const mails = byLead(
    await session.all(`SELECT ${MAIL_COLUMNS} FROM outbox WHERE lead_id = ANY ($1) ORDER BY seq`, ids),
  );
  return rows.map((row, index) => [row, mails.get(ids[index] ?? '') ?? []]);
}

/** `LeadStore.find`. */
export async function find(session: Session, idOrNumber: string): Promise<LeadRecord | undefined> {
  const rows = await session.all(
    `SELECT ${LEAD_COLUMNS} FROM leads ${CURRENT} WHERE leads.id = $1 OR number = $2`,
    idOrNumber.trim().toLowerCase(),
    readNumber(idOrNumber) ?? '',
  );
  const [found] = await withMails(session, rows);
  return found && toRecord(...found);
}

/** The leads with these ids, in no order. */
export async function findAll(session: Session, ids: readonly string[]): Promise<LeadRecord[]> {
  const rows = await session.all(`SELECT ${LEAD_COLUMNS} FROM leads ${CURRENT} WHERE leads.id = ANY ($1)`, ids);
  return (await withMails(session, rows)).map((found) => toRecord(...found));
}

/** Which revision of which lead. */
export type RevisionKey = { lead_id: string; revision: number };
const revisionRow = z.object({ id: z.string(), revision: z.number() });

/** Leads with the answers of the wanted revisions, by `nameOf`; text says why one cannot be read. */
export async function findRevisions(
  session: Session,
  wanted: readonly RevisionKey[],
): Promise<Map<string, LeadRecord | string>> {
  const rows = await session.all(
    `SELECT ${LEAD_COLUMNS} FROM json_to_recordset($1) AS wanted (lead_id text, revision integer)
     JOIN leads ON leads.id = wanted.lead_id
     JOIN lead_revisions AS shown ON shown.lead_id = leads.id AND shown.revision = wanted.revision`,
    JSON.stringify(wanted),
  );
  const found = await withMails(session, rows);
  return new Map(
    found.map(([row, mails]) => {
      const { id, revision } = revisionRow.parse(row);
      return [nameOf({ lead_id: id, revision }), readOrSayWhy(row, mails)];
    }),
  );
}

export function nameOf({ lead_id, revision }: RevisionKey): string {
  return `${lead_id} ${revision}`;
}

function readOrSayWhy(row: unknown, mails: unknown[]): LeadRecord | string {
  try {
    return toRecord(row, mails);
  } catch (error) {
    return unreadable(error);
  }
}

/** `LeadStore.history`. */
export async function history(session: Session, idOrNumber: string): Promise<Lead[]> {
  const lead = await find(session, idOrNumber);
  if (lead === undefined || lead.state === 'erased') return [];
  const rows = await session.all(
    `SELECT ${LEAD_COLUMNS} FROM leads JOIN lead_revisions AS shown ON shown.lead_id = leads.id
     WHERE leads.id = $1 AND shown.revision < leads.revision ORDER BY shown.revision`,
    lead.id,
  );
  return (await withMails(session, rows)).map((found) => toRecord(...found)).filter((one) => one.state !== 'erased');
}

/** `LeadStore.list`: keyset paging, so that a page costs the same at a million leads and new ones shift nothing. */
export async function list(session: Session, limit: number, after: string | undefined): Promise<LeadPage> {
  const rows = await session.all(
    `SELECT ${LEAD_COLUMNS} FROM leads ${CURRENT} WHERE (leads.received_at, leads.id) < ($1, $2)
     ORDER BY leads.received_at DESC, leads.id DESC LIMIT $3`,
    ...readCursor(after),
    limit,
  );
  return toPage(
    (await withMails(session, rows)).map((found) => toRecord(...found)),
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
export async function condition(session: Session): Promise<Condition> {
  const { oldest, ...rest } = counts.parse(
    await session.get(`SELECT
      (SELECT count(*) FROM outbox WHERE state = 'pending') AS pending,
      (SELECT min(created_at) FROM outbox WHERE state = 'pending') AS oldest,
      (SELECT count(*) FROM outbox WHERE state = 'dead') AS dead,
      (SELECT count(*) FROM leads WHERE state = 'quarantined') AS quarantined`),
  );
  return oldest === null ? rest : { ...rest, oldestUnsentAt: new Date(oldest) };
}
