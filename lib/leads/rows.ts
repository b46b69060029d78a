import '#server-only';
import { z } from 'zod';
import { erasedLeadSchema, type LeadRecord, leadSchema } from './schema.ts';

// How rows become records. Both stores have the same tables and name the columns they select alike.

/** Columns that read a lead with the answers of one revision; `shown` names that revision. */
export const LEAD_COLUMNS = `leads.id, number, shown.revision, leads.received_at AS "receivedAt",
  reply_due_at AS "replyDueAt", state, reason, article, cta, referrer, utm, name, email, phone,
  phone_e164 AS "phoneE164", start, consent_version AS "consentVersion",
  coalesce(consent_at, shown.received_at) AS "consentAt", follow_up AS "followUp", occasion`;

/** Columns that read one row of `outbox` for the record of its lead. */
export const MAIL_COLUMNS = `lead_id AS "leadId", kind, message_id AS "messageId", state, attempts,
  last_error AS "lastError", sent_at AS "sentAt"`;

/**
 * A pause or lease that ends later than this from now was written by a clock that has been set back since; it counts
 * as over. Must exceed every pause and lease that is asked for.
 */
export const LATEST_MS = 3 * 60 * 60 * 1000;

/** How long a mail is put off whose lead cannot be read, so that one broken row does not stop all others. */
export const UNREADABLE_PAUSE_MS = 60 * 60 * 1000;

export const idRow = z.object({ id: z.string() });

const leadRow = z.looseObject({
  state: z.string(),
  article: z.string().optional(),
  cta: z.string().optional(),
  referrer: z.string().optional(),
  utm: z.string().optional(),
  consentVersion: z.string().optional(),
  consentAt: z.number().optional(),
  followUp: z.string().transform(readJson).optional(),
});
const mailRow = z.looseObject({ leadId: z.string() });

/** One row of `LEAD_COLUMNS` and its rows of `MAIL_COLUMNS`. @throws {z.ZodError} for a row that no code here wrote. */
export function toRecord(row: unknown, mails: readonly unknown[]): LeadRecord {
  const { article, cta, referrer, utm, consentVersion, consentAt, ...lead } = leadRow.parse(withoutNulls(row));
  if (lead.state === 'erased') return erasedLeadSchema.parse(lead);
  return leadSchema.parse({
    ...lead,
    source: { article, cta, referrer, utm },
    consent: { version: consentVersion, at: consentAt },
    mails,
  });
}

/** Rows of `MAIL_COLUMNS` by lead, in the order they came. */
export function byLead(mails: readonly unknown[]): Map<string, unknown[]> {
  return Map.groupBy(mails.map(withoutNulls), (row) => mailRow.parse(row).leadId);
}

/** What a lead's record could not be read for, in words without a person. Rethrows everything else. */
export function unreadable(error: unknown): string {
  if (!(error instanceof z.ZodError)) throw error;
  return `unreadable lead: ${error.issues.map(({ path }) => path.join('.')).join(', ')}`;
}

const cursor = z.tuple([z.number(), z.string()]);

/** Where a page of the list begins: just below this instant and id. */
export function readCursor(after: string | undefined): [receivedAt: number, id: string] {
  return after === undefined ? [Number.MAX_SAFE_INTEGER, ''] : cursor.parse(JSON.parse(after));
}

/** A page of the list; one that is full may be followed by another. */
export function toPage(leads: LeadRecord[], limit: number): { leads: LeadRecord[]; next?: string } {
  const last = leads.at(-1);
  return last && leads.length === limit
    ? { leads, next: JSON.stringify([last.receivedAt.getTime(), last.id]) }
    : { leads };
}

/** Undefined for what is no JSON: the schema of the lead refuses it. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function withoutNulls(row: unknown): unknown {
  return Object.fromEntries(
    Object.entries(z.record(z.string(), z.unknown()).parse(row)).filter(([, value]) => value !== null),
  );
}
