import '#server-only';
import path from 'node:path';
import { readEnv } from '#lib/env.ts';
import { perProcess } from '#lib/per-process.ts';
import type { Amendment } from './amendment.ts';
import type { Answers, Lead, LeadRecord, MailKind, Receipt, Source } from './schema.ts';
import { openPostgresStore } from './store-postgres.ts';
import { openSqliteStore } from './store-sqlite.ts';

/** What is thought of a submission before it is stored: quarantined leads are kept, their mails wait for `release`. */
export type Verdict = { status: 'welcome' } | { status: 'quarantined'; reason: string };

/** A checked submission. Its four answers decide whether it is new, a repetition or a correction. */
export type NewLead = {
  submissionId: string;
  answers: Answers & { phoneE164: string };
  source: Source;
  consentVersion: string;
  receivedAt: Date;
  replyDueAt: Date;
  verdict: Verdict;
};

/** What one accepted submission became; a repetition gets the receipt of the first time. */
export type Accepted = { status: 'created' | 'revised' | 'repeated'; receipt: Receipt };

/** What became of an amendment; `revision` is the lead's now. */
export type Amended =
  | { status: 'amended' | 'repeated'; revision: number }
  | { status: 'withdrawn' | 'full' | 'unknown' };

/**
 * A mail that this process may send until its lease ends. `lead` has the answers of the revision that the mail tells
 * of; `attempts` counts this one; `ageSeconds` is by the store's clock.
 */
export type DueMail = {
  lead: Lead;
  kind: MailKind;
  revision: number;
  recipient: string;
  messageId: string;
  attempts: number;
  ageSeconds: number;
  token: string;
};

/** What waits for a person or a machine: `oldestUnsentAt` is absent when nothing is pending. */
export type Condition = { pending: number; oldestUnsentAt?: Date; dead: number; quarantined: number };

/** Newest first; `next` continues with the page after it. */
export type LeadPage = { leads: LeadRecord[]; next?: string };

/** `sending`: a mail to the person is under way this moment; nothing was changed, try again. */
export type Erasure = { status: 'erased'; leads: number } | { status: 'unknown' } | { status: 'sending' };

/**
 * Where leads and their mails are kept. Everything that changes is committed and synced to disk when its promise
 * resolves, and changed nothing when it rejects, but for a store that does not answer (`unreachable`): then it is open,
 * and the submission id settles it on the next try. Rejects with `StoreError`, after at most 10 s. Several processes
 * may use one store; leases run by the store's clock.
 */
export interface LeadStore {
  /**
   * Keeps a submission and queues its mails in one transaction: one to each agent, one to the visitor unless the
   * address was sent one within 24 hours. The same submission id is one lead however often and wherever it arrives;
   * other answers are its next revision, told to the agents in a mail of its own.
   */
  accept(lead: NewLead): Promise<Accepted>;

  /**
   * Adds what somebody who has registered says later, as the next revision of the same lead, and queues the mails that
   * tell of it. `repeated`: the lead says so already. `withdrawn`: it was withdrawn and stays so. `full`:
   * after 30 revisions a person has to look.
   */
  amend(leadId: string, amendment: Amendment, at: Date): Promise<Amended>;

  /**
   * Up to `limit` mails that are due and leased to nobody, oldest first, but for those with a Message-ID in `except`. A
   * crash counts as an attempt.
   */
  claimDue(limit: number, leaseSeconds: number, except?: readonly string[]): Promise<DueMail[]>;
  /** The server took the mail; true also when the lease has ended since. */
  markSent(messageId: string): Promise<void>;
  /** Tried and not sent. Does nothing when the lease went to someone else. */
  markFailed(token: string, note: string, retryAfterSeconds: number): Promise<void>;
  /** Given up, visibly. Does nothing when the lease went to someone else. */
  markDead(token: string, note: string): Promise<void>;
  /** Calls back whenever mails became due through this store object; returns what ends it. */
  watch(listener: () => void): () => void;

  /** By id or reception number, as typed. */
  find(idOrNumber: string): Promise<LeadRecord | undefined>;
  /** What a lead said before it was corrected, oldest first. */
  history(idOrNumber: string): Promise<Lead[]>;
  list(page: { limit: number; after?: string }): Promise<LeadPage>;
  condition(): Promise<Condition>;

  /** Queues what was not sent, and every mail to agents, once more under the same Message-IDs. */
  resend(idOrNumber: string): Promise<{ status: 'queued'; mails: number } | { status: 'unknown' }>;
  /** Ends a quarantine and queues the mails that it held back. */
  release(idOrNumber: string): Promise<{ status: 'released'; mails: number } | { status: 'free' | 'unknown' }>;

  /** Removes a person from every record; the address is compared without regard to case. */
  erase(email: string): Promise<Erasure>;
  /** Erases up to `limit` of the leads received before the one instant or withdrawn before the other; says how many. */
  purge(before: Date, limit: number, withdrawnBefore?: Date): Promise<number>;
  /** Message-IDs of erased mails whose local copies may still exist; each until `forgetRemoval`. */
  removals(): Promise<string[]>;
  forgetRemovals(messageIds: string[]): Promise<void>;

  close(): Promise<void>;
}

/** Every lead, newest first, in constant memory. */
export async function* everyLead(store: LeadStore): AsyncGenerator<LeadRecord> {
  let after: string | undefined;
  do {
    const page: LeadPage = await store.list(after === undefined ? { limit: 500 } : { limit: 500, after });
    yield* page.leads;
    after = page.next;
  } while (after !== undefined);
}

/**
 * The lead store of this process, as the environment sets it: PostgreSQL where `DATABASE_URL` is set, otherwise SQLite
 * in `DATA_DIR`. Opened on first use, shared by server.ts and the pages.
 * @throws {EnvError} for a wrong environment.
 */
export function openStore(): LeadStore {
  return perProcess('lead-store', () => {
    const { databaseUrl, dataDir, leadsTo, mailFrom } = readEnv();
    const addressing = { agents: leadsTo, mailDomain: mailFrom.slice(mailFrom.lastIndexOf('@') + 1) };
    return databaseUrl === undefined
      ? openSqliteStore({ file: path.join(dataDir, 'leads.sqlite'), ...addressing })
      : openPostgresStore({ url: databaseUrl, ...addressing });
  });
}
