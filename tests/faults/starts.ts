import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { MIGRATIONS } from '#lib/leads/sqlite/migrations.ts';
import { readForm } from '../support/form-post.ts';
import { freePort, runSite } from '../support/running-site.ts';
import { damageOf, rowsOf } from './checker.ts';
import type { Victim } from './crash.ts';
import type { Dice } from './dice.ts';
import { ACCEPTED, newVisit, send } from './visitors.ts';

const PROJECT = path.resolve(import.meta.dirname, '../..');
const OLD_LEADS = 500;
const START_MS = 600;
const OPENING_MS = 15;

/** All but the first must be 0. */
export type Starts = { kills: number; notStarted: number; leadsLost: number; refused: number; damaged: number };

/**
 * Kills first starts and starts on a database of an older version, at random moments or just when the database is being
 * opened; then starts again and registers.
 */
export async function killStarts(kills: number, victim: Victim, dice: Dice): Promise<Starts> {
  const total: Starts = { kills, notStarted: 0, leadsLost: 0, refused: 0, damaged: 0 };
  for (let count = 0; count < kills; count += 1) {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'start-'));
    const file = path.join(dataDir, 'leads.sqlite');
    const old = dice.chance(2 / 3) ? fillOld(file, dice.between(1, MIGRATIONS.length)) : 0;
    await startAndKill(dataDir, victim, async () => {
      if (dice.chance(1 / 3)) return void (await pause(dice.between(0, START_MS)));
      while (!existsSync(`${file}-wal`)) await pause(1);
      await pause(dice.between(0, OPENING_MS));
    });
    const site = await runSite({ DATA_DIR: dataDir }, undefined, victim).catch((error: unknown) => {
      console.log(String(error));
      total.notStarted += 1;
    });
    if (site) {
      const post = await send(newVisit(), await readForm(`${site.url}/register`));
      if (post.status !== ACCEPTED) total.refused += 1;
      const rows = rowsOf(file);
      const [row] = await rows('SELECT count(*) AS leads FROM leads JOIN lead_revisions ON lead_id = id');
      const { leads } = z.object({ leads: z.number() }).parse(row);
      total.leadsLost += Math.max(0, old + 1 - leads);
      total.damaged += (await damageOf(rows)).length;
      await site.remove('SIGKILL');
    }
    rmSync(dataDir, { recursive: true, force: true });
  }
  return total;
}

async function startAndKill(dataDir: string, victim: Victim, moment: () => Promise<void>): Promise<void> {
  const child = spawn(process.execPath, [victim], {
    cwd: PROJECT,
    env: { NODE_ENV: 'production', PATH: process.env.PATH, PORT: String(await freePort()), DATA_DIR: dataDir },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  await moment();
  child.kill('SIGKILL');
  await ended;
}

/** A database as the first `steps` versions of the schema made it, with leads whose mails were sent. @returns how many. */
function fillOld(file: string, steps: number): number {
  const database = new DatabaseSync(file);
  const from = `(WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ${OLD_LEADS}) SELECT n FROM counted)`;
  // Of today: the site erases at its start what is older than people were told.
  const at = `${Date.now()} - n`;
  const id = `printf('%08x-0000-4000-8000-%012x', n, n)`;
  database.exec(`PRAGMA journal_mode = WAL; BEGIN;
    ${MIGRATIONS.slice(0, steps).join('\n')}
    PRAGMA user_version = ${steps};
    INSERT INTO leads (id, number, submission_id, revision, received_at, reply_due_at, state)
      SELECT ${id}, printf('%04d-%04d', n / 10000, n % 10000), 'old-' || n, 1, ${at}, ${at}, 'new' FROM ${from};
    INSERT INTO lead_revisions (lead_id, revision, received_at, name, email, email_key, phone, phone_e164, start, consent_version)
      SELECT ${id}, 1, ${at}, '佐藤 花子', 'old' || n || '@example.jp', 'old' || n || '@example.jp', '03-1111-2222', '+81311112222', 'now', '1'
      FROM ${from};
    INSERT INTO outbox (message_id, lead_id, revision, kind, recipient, recipient_key, state, attempts, created_at, next_attempt_at, sent_at)
      SELECT '<old' || n || '@example.jp>', ${id}, 1, 'agent', 'team@example.jp', 'team@example.jp', 'sent', 1, ${at}, 0, ${at} FROM ${from};
    COMMIT`);
  database.close();
  return OLD_LEADS;
}
