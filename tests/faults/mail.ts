import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { startDelivery } from '#lib/leads/deliver.ts';
import { composeMail } from '#lib/leads/mails.ts';
import { LATEST_MS } from '#lib/leads/rows.ts';
import type { LeadStore, NewLead } from '#lib/leads/store.ts';
import { openSqliteStore } from '#lib/leads/store-sqlite.ts';
import { openTransport } from '#lib/leads/transport.ts';
import { rowsOf } from './checker.ts';
import { type Judge, openPostOffice, type PostOffice } from './post-office.ts';

// The delivery loop in front of a mail server that misbehaves for a while. Store, loop, SMTP and sockets are real; the
// clocks run `speed` times as fast, patience with the server is shorter by as much, and while nothing is due they leap
// to what is next. What takes work is never measured by them: a busy machine is no fault.

export const TEAM = 'team@agency.example.jp';
const TICK_MS = 5;
/** Where time is the real one, the loop is left alone. */
const SLOW_TICK_MS = 250;
const SKIP_MS = 1000;
const GIVE_UP_MS = 400_000;
/** As many mails are under way at once, so that one may overtake another by that. */
const AT_ONCE = 4;
/** The product's own patience (lib/leads/transport.ts), in milliseconds. */
const PATIENCE = { connect: 10_000, greeting: 10_000, answer: 30_000, mail: 50_000 };

export type MailCase = {
  leads: number;
  /** What the server does while the fault lasts; `away`: it refuses connections. */
  fault: Judge | 'away';
  lastsSeconds: number;
  speed?: number;
  /** From the cure on; 1 where it is measured how long a backlog takes. */
  speedAfterCure?: number;
  /** By how many hours the store's clock is wrong. */
  wander?: (elapsedSeconds: number) => number;
};

export type MailResult = {
  queued: number;
  delivered: number;
  dead: number;
  /** Copies beyond the first that no unanswered final dot explains, or under a Message-ID that nobody queued. */
  unexplainedCopies: number;
  extraCopies: number;
  mostAttempts: number;
  /** From the end of the fault until the last mail was there, by the clocks of the loop. */
  cureSeconds: number;
  /** Mails that came before one that was queued much earlier. */
  overtaken: number;
  busiest: number;
  /** Mails that arrived while the fault lasted. */
  meanwhile: number;
  events: Set<string>;
};

/** Queues the mails of some leads, lets them meet the fault, cures it, and waits until none is pending. */
export async function sufferMail(plan: MailCase): Promise<MailResult> {
  const { leads, fault, lastsSeconds, speed = 20, speedAfterCure = speed, wander = () => 0 } = plan;
  const folder = mkdtempSync(path.join(tmpdir(), 'mail-fault-'));
  const office = await openPostOffice(fault === 'away' ? undefined : fault);
  if (fault === 'away') await office.close();
  const clocks = fastClocks(wander);
  const file = path.join(folder, 'leads.sqlite');
  const store = openSqliteStore({ file, agents: [TEAM], mailDomain: 'pmo.example.jp', clock: clocks.now });
  await register(store, leads);
  const transport = openTransport({ smtpUrl: office.url, dataDir: folder }, scaled(Math.min(speed, speedAfterCure)));
  const events = new Set<string>();
  let isDown = false;
  const keep = ({ event }: { event: string }) => {
    events.add(event);
    if (event === 'delivery.down' || event === 'delivery.up') isDown = event === 'delivery.down';
  };
  const context = { siteUrl: 'https://pmo.example.jp', mailFrom: 'noreply@pmo.example.jp', signingKey: KEY };
  const loop = startDelivery({
    ...{ store, transport, compose: composeMail, context },
    elapsedMs: clocks.elapsedMs,
    log: { info: keep, warn: keep, error: keep },
  });
  try {
    const rows = rowsOf(file);
    let curedAt: number | undefined;
    let meanwhile = 0;
    const end = performance.now() + GIVE_UP_MS;
    for (;;) {
      await pause(curedAt !== undefined && speedAfterCure === 1 ? SLOW_TICK_MS : TICK_MS);
      clocks.run(curedAt === undefined ? speed : speedAfterCure);
      if (curedAt === undefined && clocks.elapsedMs() >= lastsSeconds * 1000) {
        curedAt = clocks.elapsedMs();
        meanwhile = office.arrivals.length;
        office.behave();
        if (fault === 'away') await office.open();
      }
      const state = stateSchema.parse((await rows(STATE))[0]);
      if (curedAt !== undefined && state.waiting === 0) break;
      if (performance.now() > end) throw new Error(`${state.waiting} mails still wait: ${[...events].join(' ')}`);
      if (state.held === 0) {
        clocks.leap(state.next, curedAt === undefined ? lastsSeconds * 1000 : Number.POSITIVE_INFINITY);
        // The loop itself waits between two tries of an outage: nobody else has anything to do meanwhile.
        if (isDown && (curedAt === undefined || speedAfterCure > 1)) clocks.skip(SKIP_MS);
      }
      loop.nudge();
    }
    const cureSeconds = (clocks.elapsedMs() - curedAt) / 1000;
    const mails = mailsSchema.parse(await rows('SELECT message_id, state, attempts FROM outbox ORDER BY seq'));
    return { ...compare(mails, office), cureSeconds, meanwhile, busiest: office.busiest(), events };
  } finally {
    await loop.stop();
    transport.close();
    await store.close();
    await office.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const KEY = Buffer.alloc(32, 1).toString('base64');

/** Two clocks as the loop sees them: one that can be set, and one that cannot; both as fast as they are told. */
function fastClocks(wander: (elapsedSeconds: number) => number) {
  const start = Date.UTC(2026, 10, 27, 9);
  let [elapsed, last] = [0, performance.now()];
  const now = () => new Date(start + elapsed + wander(elapsed / 1000) * 3_600_000);
  return {
    now,
    elapsedMs: () => elapsed,
    run(speed: number) {
      const real = performance.now();
      // On a machine that is busy elsewhere time goes slower, as patience with the server would else be too short.
      elapsed += (speed === 1 ? real - last : Math.min(real - last, 4 * TICK_MS)) * speed;
      last = real;
    },
    skip(ms: number) {
      elapsed += ms;
    },
    /**
     * To the instant `due`, if it lies ahead (not by so much that another clock wrote it), but not past `limitMs`; there
     * when nothing is due any more.
     */
    leap(due: number | null, limitMs: number) {
      if (due === null) {
        if (limitMs < Number.POSITIVE_INFINITY) elapsed = Math.max(elapsed, limitMs);
        return;
      }
      const ahead = due - now().getTime();
      if (ahead > 0 && ahead < LATEST_MS) elapsed = Math.min(elapsed + ahead + 1, Math.max(elapsed, limitMs));
    },
  };
}

const scaled = (speed: number): typeof PATIENCE => ({
  connect: PATIENCE.connect / speed,
  greeting: PATIENCE.greeting / speed,
  answer: PATIENCE.answer / speed,
  mail: Math.ceil(PATIENCE.mail / speed),
});

const STATE = `SELECT count(*) AS waiting, count(lease_until) AS held, min(next_attempt_at) AS next
  FROM outbox WHERE state = 'pending'`;
const stateSchema = z.object({ waiting: z.number(), held: z.number(), next: z.number().nullable() });
const mailsSchema = z.array(z.object({ message_id: z.string(), state: z.string(), attempts: z.number() }));

function compare(mails: z.infer<typeof mailsSchema>, { arrivals }: PostOffice) {
  const place = new Map(mails.map((mail, index) => [mail.message_id, index]));
  const copies = Map.groupBy(arrivals, ({ messageId }) => messageId);
  let [latest, overtaken] = [-1, 0];
  for (const messageId of copies.keys()) {
    const at = place.get(messageId) ?? 0;
    if (at < latest - 2 * AT_ONCE) overtaken += 1;
    latest = Math.max(latest, at);
  }
  const unexplained = [...copies].filter(
    ([messageId, all]) => !place.has(messageId) || all.filter(({ isAcknowledged }) => isAcknowledged).length > 1,
  );
  return {
    queued: mails.length,
    delivered: mails.filter((mail) => copies.has(mail.message_id)).length,
    dead: mails.filter(({ state }) => state === 'dead').length,
    unexplainedCopies: unexplained.length,
    extraCopies: arrivals.length - copies.size,
    mostAttempts: Math.max(...mails.map(({ attempts }) => attempts)),
    overtaken,
  };
}

/** All at once, as the store takes them: in the order of the calls. */
async function register(store: LeadStore, leads: number): Promise<void> {
  await Promise.all(Array.from({ length: leads }, (_, index) => store.accept(registration(index))));
}

function registration(index: number): NewLead {
  return {
    submissionId: randomUUID(),
    answers: {
      name: '山田 太郎',
      email: `visitor${index}@example.jp`,
      phone: '090-1234-5678',
      phoneE164: '+819012345678',
      start: 'now',
    },
    source: {},
    consentVersion: '2026-11-22',
    receivedAt: new Date('2026-11-27T18:00:00+09:00'),
    replyDueAt: new Date('2026-11-30T18:00:00+09:00'),
    verdict: { status: 'welcome' },
  };
}
