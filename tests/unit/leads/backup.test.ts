import { spawn } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { toJson } from '#lib/leads/export.ts';
import { everyLead, type LeadStore } from '#lib/leads/store.ts';
import { AGENTS, newLead, storeIn, temporaryFolder } from './stage.ts';

vi.setConfig({ testTimeout: 60_000 });

async function leads(dataDir: string, args: string[], environment: Record<string, string> = {}) {
  const command = spawn(process.execPath, ['scripts/leads.ts', ...args], {
    env: { NODE_ENV: 'production', DATA_DIR: dataDir, LEADS_TO: AGENTS.join(','), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, code] = await Promise.all([
    text(command.stdout),
    text(command.stderr),
    new Promise<number | null>((resolve) => command.on('exit', resolve)),
  ]);
  return { stdout, stderr, code };
}

const exported = (dataDir: string) => leads(dataDir, ['export', '--format', 'json']);

/** Puts a backup in the place of a lost database, as docs/operating says. */
async function restored(backup: string): Promise<string> {
  const dataDir = path.join(await temporaryFolder(), 'data');
  await mkdir(dataDir, { mode: 0o700 });
  await copyFile(backup, path.join(dataDir, 'leads.sqlite'));
  return dataDir;
}

/** Registers and sends without a pause until stopped; returns the ids in the order of acceptance. */
function busy(store: LeadStore) {
  const accepted: string[] = [];
  let stopping = false;
  const visitor = async (name: number) => {
    for (let count = 0; !stopping; count += 1) {
      const { receipt } = await store.accept(newLead({ answers: { email: `v${name}-${count}@example.jp` } }));
      accepted.push(receipt.leadId);
      for (const mail of await store.claimDue(1, 60)) await store.markSent(mail.messageId);
    }
  };
  const visitors = [0, 1, 2, 3].map(visitor);
  const stop = async () => {
    stopping = true;
    await Promise.all(visitors);
  };
  onTestFinished(stop);
  return { accepted, stop };
}

async function records(store: LeadStore): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const lead of everyLead(store)) {
    // Only the mails of a lead may have gone on since.
    found.set(lead.id, toJson(lead.state === 'erased' ? lead : { ...lead, mails: [] }));
  }
  return found;
}

test('登録が続く間に取った控えには、その時までに受け付けたすべてがあり、中身も同じ', async () => {
  const dataDir = await temporaryFolder();
  const store = storeIn(dataDir);
  const load = busy(store);
  await vi.waitFor(() => expect(load.accepted.length).toBeGreaterThan(50), { timeout: 20_000 });
  const before = [...load.accepted];
  const file = path.join(dataDir, 'backup.sqlite');
  const result = await leads(dataDir, ['backup', file]);
  const after = load.accepted.length;
  await load.stop();
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(after).toBeGreaterThan(before.length);

  const kept = await records(storeIn(await restored(file)));
  const live = await records(store);
  expect(result.stdout).toBe(`${kept.size}件の登録を写しました: ${file}\n`);
  expect(before.filter((id) => !kept.has(id))).toEqual([]);
  for (const [id, record] of kept) expect(record).toBe(live.get(id));
});

test('控えから戻すと、書き出しは1バイトも違わず、待っていたメールも続きから送られる', async () => {
  const dataDir = await temporaryFolder();
  const store = storeIn(dataDir);
  for (let count = 0; count < 20; count += 1) {
    const lead = newLead({ answers: { name: `山田 ${count}`, email: `v${count}@example.jp` } });
    await store.accept(lead);
    if (count % 3 === 0) await store.accept({ ...lead, answers: { ...lead.answers, name: `訂正 ${count}` } });
  }
  for (const mail of await store.claimDue(10, 60)) await store.markSent(mail.messageId);
  await store.erase('v7@example.jp');
  // Still only in the write-ahead log, which an erasure empties.
  await store.accept(newLead({ answers: { email: 'last@example.jp' } }));
  const file = path.join(dataDir, 'backup.sqlite');
  expect((await leads(dataDir, ['backup', file])).code).toBe(0);
  const again = await restored(file);
  const { stdout } = await exported(again);
  expect(stdout).toBe((await exported(dataDir)).stdout);
  expect(JSON.parse(stdout)).toHaveLength(21);
  expect(await storeIn(again).condition()).toEqual(await store.condition());
  // What was erased is not in the backup, not even in a free page.
  expect((await readFile(file)).includes('v7@example.jp')).toBe(false);
});

test('控えは持ち主だけが読め、途中のファイルは残らない', async () => {
  const dataDir = await temporaryFolder();
  await storeIn(dataDir).accept(newLead());
  const folder = await temporaryFolder();
  const file = path.join(folder, 'backup.sqlite');
  expect((await leads(dataDir, ['backup', file])).code).toBe(0);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['backup.sqlite']);
});

test('すでにあるファイルには書かず、登録が無いとき、PostgreSQLのときは理由を言う', async () => {
  const dataDir = await temporaryFolder();
  const file = path.join(dataDir, 'backup.sqlite');
  expect(await leads(dataDir, ['backup', file])).toMatchObject({ code: 1, stderr: expect.stringContaining('まだ') });
  await storeIn(dataDir).accept(newLead());
  await writeFile(file, 'きのうの控え');
  expect(await leads(dataDir, ['backup', file])).toMatchObject({ code: 2, stderr: expect.stringContaining(file) });
  expect(await readFile(file, 'utf8')).toBe('きのうの控え');
  expect((await leads(dataDir, ['backup'])).code).toBe(2);
  const postgres = await leads(dataDir, ['backup', `${file}2`], { DATABASE_URL: 'postgres://localhost:1/leads' });
  expect(postgres).toMatchObject({ code: 2, stdout: '' });
  expect(postgres.stderr).toMatch(/^.*pg_dump .+\n$/);
});
