import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startDelivery } from '#lib/leads/deliver.ts';
import { composeMail } from '#lib/leads/mails.ts';
import { everyLead, type LeadStore } from '#lib/leads/store.ts';
import { openTransport } from '#lib/leads/transport.ts';
import { mailServer } from './mail-server.ts';
import { AGENTS, newLead, readableLog, SIGNING_KEY, storeIn, temporaryFolder } from './stage.ts';

vi.setConfig({ testTimeout: 60_000 });
const WAIT = { timeout: 15_000, interval: 20 };

function child(task: 'register' | 'deliver', dataDir: string, environment: Record<string, string> = {}): ChildProcess {
  const process_ = spawn(process.execPath, [path.join(import.meta.dirname, 'crash-child.ts'), task], {
    env: {
      NODE_ENV: 'production',
      DATA_DIR: dataDir,
      LEADS_TO: AGENTS.join(','),
      MAIL_FROM: 'noreply@pmo.example.jp',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void process_.kill('SIGKILL'));
  return process_;
}

async function kill(process_: ChildProcess): Promise<void> {
  const exit = once(process_, 'exit');
  process_.kill('SIGKILL');
  await exit;
}

/** Runs a registering process until it has been told of `count` acceptances, kills it, returns those it had printed. */
async function registerAndKill(dataDir: string, count: number): Promise<string[]> {
  const process_ = child('register', dataDir);
  const accepted: string[] = [];
  if (!process_.stdout) throw new Error('no stdout');
  for await (const line of createInterface({ input: process_.stdout })) {
    const id = /^accepted (.+)$/.exec(line)?.[1];
    if (id) accepted.push(id);
    if (accepted.length === count && !process_.killed) process_.kill('SIGKILL');
  }
  if (process_.exitCode === null && process_.signalCode === null) await once(process_, 'exit');
  return accepted;
}

function deliver(store: LeadStore, dataDir: string, smtpUrl: string) {
  const transport = openTransport({ smtpUrl, dataDir });
  const context = { siteUrl: 'https://pmo.example.jp', mailFrom: 'noreply@pmo.example.jp', signingKey: SIGNING_KEY };
  const loop = startDelivery({ store, transport, compose: composeMail, context, log: readableLog() });
  onTestFinished(async () => {
    await loop.stop();
    transport.close();
  });
}

const drained = (store: LeadStore) => vi.waitFor(async () => expect((await store.condition()).pending).toBe(0), WAIT);

test('登録の直後にサーバーが落ちても、動かし直せば担当者と本人にメールが届く', async () => {
  const dataDir = await temporaryFolder();
  const [leadId] = await registerAndKill(dataDir, 1);
  const server = await mailServer();
  const store = storeIn(dataDir);
  const lead = await store.find(leadId ?? '');
  if (lead?.state !== 'new') throw new Error('the lead is lost');
  deliver(store, dataDir, server.url);
  await drained(store);
  const recipients = server.received
    .filter(({ mail }) => mail.text?.includes(lead.number))
    .map((one) => one.recipients[0]);
  expect(recipients.sort()).toEqual([...AGENTS, lead.email].sort());
});

test('送っている途中で落ちても届き、2通になるのは受け取られたあとに落ちた分だけで、Message-IDは同じ', async () => {
  const dataDir = await temporaryFolder();
  await storeIn(dataDir).accept(newLead());
  const taken: (string | undefined)[] = [];
  let isStuck = true;
  const server = await mailServer({
    judge: ({ mail }) => {
      taken.push(mail.messageId);
      // 受け取ったが、返事をしない。
      return isStuck ? new Promise(() => undefined) : undefined;
    },
  });
  const sender = child('deliver', dataDir, { SMTP_URL: server.url });
  await vi.waitFor(() => expect(taken).toHaveLength(3), WAIT);
  await kill(sender);
  isStuck = false;
  // 落ちたプロセスが取り出していた分の期限が切れたあと。
  const later = storeIn(dataDir, { clock: () => new Date(Date.now() + 61_000) });
  deliver(later, dataDir, server.url);
  await drained(later);
  expect(taken).toHaveLength(6);
  expect(new Set(taken).size).toBe(3);
});

test('登録中に10回落としても、受け付けたと答えた登録は1件も欠けず、データは壊れない', async () => {
  const dataDir = await temporaryFolder();
  const accepted: string[] = [];
  for (let round = 1; round <= 10; round += 1) accepted.push(...(await registerAndKill(dataDir, 7 * round)));
  expect(accepted.length).toBeGreaterThanOrEqual(385);
  const stored = new Map<string, string[]>();
  for await (const lead of everyLead(storeIn(dataDir))) {
    if (lead.state !== 'erased') stored.set(lead.id, lead.mails.map((mail) => mail.kind).sort());
  }
  expect(accepted.filter((id) => !stored.has(id))).toEqual([]);
  for (const kinds of stored.values()) expect(kinds).toEqual(['agent', 'agent', 'visitor']);
  const database = new DatabaseSync(path.join(dataDir, 'leads.sqlite'));
  expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  database.close();
});

test('最初の起動でデータベースを作っている途中に落ちても、次の起動で使える', async () => {
  for (let round = 0; round < 5; round += 1) {
    const dataDir = await temporaryFolder();
    const file = path.join(dataDir, 'leads.sqlite');
    const starting = child('register', dataDir);
    while (!existsSync(round % 2 === 0 ? file : `${file}-wal`)) await setImmediate();
    await kill(starting);
    expect((await storeIn(dataDir).accept(newLead())).status).toBe('created');
  }
});
