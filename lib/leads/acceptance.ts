import '#server-only';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { deliverable } from './mail-address.ts';
import type { MailKind, Receipt } from './schema.ts';
import type { NewLead, Verdict } from './store.ts';

// What every store makes of a submission: what counts as the same one, and the rows that it becomes. The stores differ
// in how they keep rows and in nothing else.

/** Who is written to, and the domain of Message-IDs. */
export type Addressing = { agents: readonly string[]; mailDomain: string };

/** The values of a row by column; instants are milliseconds since 1970. */
export type Row = Readonly<Record<string, string | number | null>>;

/** A visitor is written to once in this time, so that nobody can use the form to fill a stranger's mailbox. */
export const VISITOR_MAIL_EVERY_MS = 24 * 60 * 60 * 1000;

/** The lead that a submission id already stands for, with the answers of its last revision. */
export const knownLeadSchema = z.object({
  id: z.string(),
  number: z.string(),
  revision: z.number(),
  received_at: z.number(),
  reply_due_at: z.number(),
  name: z.string(),
  email: z.string(),
  phone: z.string(),
  start: z.string(),
  follow_up: z.string().nullable(),
  occasion: z.string().nullable(),
});
type KnownLead = z.infer<typeof knownLeadSchema>;

/**
 * Whether a submission says what its lead says already: then it is a repetition, otherwise the next revision. Who sends
 * the form again after withdrawing registers again.
 */
export function isRepetition(known: KnownLead, { answers }: NewLead): boolean {
  return (
    known.occasion !== 'withdrawal' &&
    (['name', 'email', 'phone', 'start'] as const).every((question) => storable(answers[question]) === known[question])
  );
}

/** What the visitor was told the first time, and is told again. */
export function receiptOf(known: KnownLead): Receipt {
  return {
    leadId: known.id,
    number: known.number,
    receivedAt: new Date(known.received_at),
    replyDueAt: new Date(known.reply_due_at),
  };
}

/** The row in `leads` of a first submission. */
export function leadRow(id: string, number: string, lead: NewLead): Row {
  return {
    id,
    number,
    submission_id: lead.submissionId,
    revision: 1,
    received_at: lead.receivedAt.getTime(),
    reply_due_at: lead.replyDueAt.getTime(),
    ...standing(lead.verdict),
    article: lead.source.article ?? null,
    cta: lead.source.cta ?? null,
    referrer: lead.source.referrer ?? null,
    utm: lead.source.utm ?? null,
  };
}

/** The columns of `leads` that follow from what is thought of the latest submission. */
export function standing(verdict: Verdict): { state: string; reason: string | null } {
  return verdict.status === 'welcome'
    ? { state: 'new', reason: null }
    : { state: 'quarantined', reason: verdict.reason };
}

/** The row in `lead_revisions` of one submission; `earlier` is the revision before it, whose further answers stay. */
export function revisionRow(
  leadId: string,
  revision: number,
  { answers, receivedAt, consentVersion }: NewLead,
  earlier?: KnownLead,
): Row {
  return {
    lead_id: leadId,
    revision,
    received_at: receivedAt.getTime(),
    name: answers.name,
    email: answers.email,
    email_key: addressKey(answers.email),
    phone: answers.phone,
    phone_e164: answers.phoneE164,
    start: answers.start,
    consent_version: consentVersion,
    follow_up: earlier?.follow_up ?? null,
  };
}

/** One revision, as far as its mails depend on it; `agentsOnly` when the visitor is not written to. */
export type Told = { id: string; number: string; revision: number; email: string; agentsOnly?: boolean };

/** A row in `outbox`. */
export type OutboxRow = Row & { kind: MailKind; recipient_key: string };

/**
 * The mails of one revision: to every agent, then to the visitor where a mail can reach the address. The store leaves
 * the visitor's out when one was queued for the same key within `VISITOR_MAIL_EVERY_MS`.
 */
export function outboxRows({ agents, mailDomain }: Addressing, now: number, told: Told): OutboxRow[] {
  const row = (kind: MailKind, recipient: string): OutboxRow => ({
    // The number makes a local mailbox readable by file name; the rest makes the id unique in the world.
    message_id: `<${told.number}.${kind}.${randomBytes(8).toString('hex')}@${mailDomain}>`,
    lead_id: told.id,
    revision: told.revision,
    kind,
    recipient,
    recipient_key: addressKey(recipient),
    created_at: now,
    next_attempt_at: 0,
  });
  const visitor = told.agentsOnly ? undefined : deliverable(told.email);
  return [...agents.map((agent) => row('agent', agent)), ...(visitor === undefined ? [] : [row('visitor', visitor)])];
}

/** Addresses are compared in lower case: few servers tell `Taro@` from `taro@`, and no person does. */
export function addressKey(address: string): string {
  return address.toLowerCase();
}

/** Text as every store can keep it: PostgreSQL takes neither NUL nor half a surrogate pair, SQLite keeps the one. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}
