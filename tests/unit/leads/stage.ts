import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { LeadStore, NewLead } from '#lib/leads/store.ts';
import { openSqliteStore } from '#lib/leads/store-sqlite.ts';
import type { Log, LogFields } from '#lib/log.ts';

// What the tests of the way of a lead stand on: real folders, a real store, a clock that is set by hand.

/** A folder that goes when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'leads-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** 2026-11-27, a Friday, 18:00 in Japan: due on Monday at the same time. */
export const FRIDAY_EVENING = new Date('2026-11-27T18:00:00+09:00');

/** A clock that stands still until it is advanced. */
export function handClock(start = FRIDAY_EVENING) {
  let now = start.getTime();
  return {
    now: () => new Date(now),
    advance: (seconds: number) => {
      now += seconds * 1000;
    },
  };
}

/** What signs the links in mails. */
export const SIGNING_KEY = Buffer.alloc(32, 7).toString('base64');

export const AGENTS = ['team@agency.example.jp', 'backup@agency.example.jp'];

/** A store on `folder`, closed when the test ends. */
export function storeIn(folder: string, options: { clock?: () => Date; answerWithinMs?: number } = {}): LeadStore {
  const file = path.join(folder, 'leads.sqlite');
  const store = openSqliteStore({ file, agents: AGENTS, mailDomain: 'pmo.example.jp', ...options });
  onTestFinished(() => store.close());
  return store;
}

/** 山田太郎's registration from an article, each call a new form. */
export function newLead(
  changes: Partial<Omit<NewLead, 'answers'>> & { answers?: Partial<NewLead['answers']> } = {},
): NewLead {
  return {
    submissionId: randomUUID(),
    source: { article: 'pmo-yametoke', cta: 'opening' },
    consentVersion: '2026-11-22',
    receivedAt: FRIDAY_EVENING,
    replyDueAt: new Date('2026-11-30T18:00:00+09:00'),
    verdict: { status: 'welcome' },
    ...changes,
    answers: {
      name: '山田太郎',
      email: 'taro@example.jp',
      phone: '090-1234-5678',
      phoneE164: '+819012345678',
      start: 'now',
      ...changes.answers,
    },
  };
}

/** The form that a browser sends for the same registration. */
export function filledForm(changes: Record<string, string> = {}): FormData {
  const form = new FormData();
  const fields = {
    name: '山田太郎',
    email: 'taro@example.jp',
    phone: '090-1234-5678',
    start: 'now',
    submission_id: randomUUID(),
    from: 'pmo-yametoke',
    cta: 'opening',
    ...changes,
  };
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

/** A log that can be read. */
export function readableLog(): Log & { lines: LogFields[] } {
  const lines: LogFields[] = [];
  const keep = (fields: LogFields) => void lines.push(fields);
  return { lines, info: keep, warn: keep, error: keep };
}
