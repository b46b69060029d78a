import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import type { LeadStore, NewLead } from '#lib/leads/store.ts';
import { openPostgresStore } from '#lib/leads/store-postgres.ts';
import { openSqliteStore } from '#lib/leads/store-sqlite.ts';
import { startPostgres } from '../support/postgres.ts';
import { type Figure, median } from './figure.ts';

const LEADS = 1_000_000;
const TRIES = 200;
const TO = { agents: ['team@agency.example.jp'], mailDomain: 'pmo.example.jp' };

/** Times of both stores, empty and with a million leads whose mails were sent. */
export async function measureGrowth(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'growth-'));
  const postgres = await startPostgres();
  try {
    const file = path.join(folder, 'leads.sqlite');
    const url = await postgres.createDatabase();
    const sqlite = openSqliteStore({ ...TO, file });
    const other = openPostgresStore({ ...TO, url });
    const figures = [
      ...(await grow('sqlite', sqlite, () => fillSqlite(file), { DATA_DIR: folder })),
      ...(await grow('postgres', other, () => fillPostgres(url), { DATA_DIR: folder, DATABASE_URL: url })),
    ];
    await Promise.all([sqlite.close(), other.close()]);
    return figures;
  } finally {
    await postgres.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function grow(
  name: string,
  store: LeadStore,
  fill: () => Promise<void>,
  environment: Record<string, string>,
): Promise<Figure[]> {
  const empty = await timeOf(() => store.accept(registration()));
  await fill();
  const full = await timeOf(() => store.accept(registration()));
  const listing = await timeOf(() => store.list({ limit: 30 }));
  const asking = await timeOf(() => store.condition());
  const id = `growth.${name}`;
  return [
    { id: `${id}.register-empty`, value: empty, unit: 'ms' },
    { id: `${id}.register-million`, value: full, unit: 'ms', goal: { op: '<=', number: 25 } },
    { id: `${id}.list-million`, value: listing, unit: 'ms', goal: { op: '<=', number: 50 } },
    { id: `${id}.condition-million`, value: asking, unit: 'ms', goal: { op: '<=', number: 50 } },
    { id: `${id}.leads-list-million`, value: commandTime(environment), unit: 'ms', goal: { op: '<=', number: 3000 } },
  ];
}

/** The middle time of one after the other, in milliseconds. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < TRIES; count += 1) {
    const before = performance.now();
    await work();
    times.push(performance.now() - before);
  }
  return median(times);
}

/** `npm run leads list`, starting Node included. */
function commandTime(environment: Record<string, string>): number {
  const before = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['scripts/leads.ts', 'list'], {
    cwd: path.resolve(import.meta.dirname, '../..'),
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`leads list: ${stderr}`);
  return performance.now() - before;
}

function registration(): NewLead {
  const receivedAt = new Date();
  const id = randomUUID();
  return {
    submissionId: id,
    answers: {
      name: '山田 太郎',
      email: `${id}@example.jp`,
      phone: '090-1234-5678',
      phoneE164: '+819012345678',
      start: 'now',
    },
    source: { article: 'pmo-yametoke', cta: 'opening' },
    consentVersion: '2026-11-22',
    receivedAt,
    replyDueAt: new Date(receivedAt.getTime() + 86_400_000),
    verdict: { status: 'welcome' },
  };
}

// One lead a minute, back from a day ago; `n` counts them. Both databases know printf by another name.
const leadColumns = 'id, number, submission_id, revision, received_at, reply_due_at, state, article, cta';
const START = Date.UTC(2026, 0, 1) - LEADS * 60_000;
const rows = (hex: string, decimal: string, from: string) => `
  INSERT INTO leads (${leadColumns})
    SELECT ${hex}, ${decimal}, 'seed-' || n, 1, ${START} + n * 60000, ${START} + n * 60000 + 86400000, 'new', 'pmo-types', 'end'
    FROM ${from};
  INSERT INTO lead_revisions (lead_id, revision, received_at, name, email, email_key, phone, phone_e164, start, consent_version)
    SELECT ${hex}, 1, ${START} + n * 60000, '佐藤 花子', 'seed' || n || '@example.jp', 'seed' || n || '@example.jp',
      '080-1111-2222', '+818011112222', 'month', '2026-11-22'
    FROM ${from};
  ${[`'agent'`, `'visitor'`]
    .map(
      (kind) => `INSERT INTO outbox (message_id, lead_id, revision, kind, recipient, recipient_key, state, attempts,
      created_at, next_attempt_at, sent_at)
    SELECT '<seed' || n || '.' || ${kind} || '@pmo.example.jp>', ${hex}, 1, ${kind}, 'seed' || n || '@example.jp',
      'seed' || n || '@example.jp', 'sent', 1, ${START} + n * 60000, 0, ${START} + n * 60000 + 1000
    FROM ${from};`,
    )
    .join('\n')}`;

async function fillSqlite(file: string): Promise<void> {
  const database = new DatabaseSync(file, { timeout: 60_000 });
  const from = `(WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ${LEADS}) SELECT n FROM counted)`;
  const sql = rows(`printf('%08x-0000-4000-8000-%012x', n, n)`, `printf('%04d-%04d', n / 10000, n % 10000)`, from);
  database.exec(`PRAGMA synchronous = OFF; BEGIN; ${sql} COMMIT; PRAGMA wal_checkpoint(TRUNCATE)`);
  database.close();
}

async function fillPostgres(url: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  const hex = `lpad(to_hex(n), 8, '0') || '-0000-4000-8000-' || lpad(to_hex(n), 12, '0')`;
  const decimal = `lpad((n / 10000)::text, 4, '0') || '-' || lpad((n % 10000)::text, 4, '0')`;
  await client.query(
    `SET synchronous_commit = off; ${rows(hex, decimal, `generate_series(1, ${LEADS}::bigint) AS n`)}`,
  );
  await client.query('VACUUM ANALYZE');
  await client.query('CHECKPOINT');
  await client.end();
}
