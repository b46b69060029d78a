import { randomUUID } from 'node:crypto';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test, vi } from 'vitest';
import { erasePerson, purgeExpired } from '#lib/leads/forget.ts';
import { keepMail } from '#lib/leads/local-mailbox.ts';
import { newLead, storeIn, temporaryFolder } from './stage.ts';

// Each store has a thread of its own to start, on machines that do other things as well.
vi.setConfig({ testTimeout: 20_000 });

test('消す途中で落ちて残ったメールのファイルも、次に消すときに消える', async () => {
  const dataDir = await temporaryFolder();
  const store = storeIn(dataDir);
  const folder = path.join(dataDir, 'mail');
  await store.accept(newLead());
  for (const mail of await store.claimDue(10, 60)) {
    await keepMail(folder, mail.messageId, Buffer.from('山田太郎'));
    await store.markSent(mail.messageId);
  }
  // 記録を消した直後、ファイルを消す前に落ちた。
  await store.erase('taro@example.jp');
  expect(await readdir(folder)).toHaveLength(3);
  expect(await erasePerson({ store, dataDir }, 'someone-else@example.jp')).toEqual({ status: 'unknown' });
  expect(await readdir(folder)).toEqual([]);
});

test('ほかのプロセスが読んでいる間に消しても、読み終われば、書き込みの記録（WAL）にも1バイトも残らない', async () => {
  const dataDir = await temporaryFolder();
  const store = storeIn(dataDir);
  await store.accept(newLead());
  const reader = new DatabaseSync(path.join(dataDir, 'leads.sqlite'), { readOnly: true });
  reader.exec('BEGIN; SELECT count(*) FROM leads');
  const erased = erasePerson({ store, dataDir }, 'taro@example.jp');
  const holds = async (file: string) => (await readFile(path.join(dataDir, file))).includes('taro@example.jp');
  await vi.waitFor(async () => expect((await store.condition()).pending).toBe(0), { timeout: 15_000 });
  expect(await holds('leads.sqlite-wal')).toBe(true);
  reader.close();
  expect(await erased).toEqual({ status: 'erased', leads: 1 });
  for (const file of ['leads.sqlite', 'leads.sqlite-wal']) expect(await holds(file)).toBe(false);
});

test('書きかけで落ちたメールのファイルは、古くなれば一緒に消える', async () => {
  const dataDir = await temporaryFolder();
  const store = storeIn(dataDir);
  const folder = path.join(dataDir, 'mail');
  const { receipt } = await store.accept(newLead());
  await keepMail(folder, `<${receipt.number}@pmo.example.jp>`, Buffer.from('x'));
  const [old, young] = [randomUUID(), randomUUID()].map((id) => path.join(folder, `.${id}.part`));
  await writeFile(old ?? '', '山田太郎');
  await writeFile(young ?? '', '山田太郎');
  await utimes(old ?? '', new Date(0), new Date(0));
  await erasePerson({ store, dataDir }, 'taro@example.jp');
  const left = await readdir(folder);
  expect(left).not.toContain(path.basename(old ?? ''));
  expect(left).toContain(path.basename(young ?? ''));
});

test.each([
  ['2028-11-27T18:00:00+09:00', 0],
  ['2028-11-27T18:00:00.001+09:00', 1],
])('24か月の期間は日本の暦で数える（%s には%i件）', async (now, erased) => {
  const dataDir = await temporaryFolder();
  const store = storeIn(dataDir);
  await store.accept(newLead());
  expect(await purgeExpired({ store, dataDir }, new Date(now), 24)).toBe(erased);
});

test('月末に受け付けた登録も、短い月に合わせて数える', async () => {
  const dataDir = await temporaryFolder();
  const store = storeIn(dataDir);
  await store.accept(newLead({ receivedAt: new Date('2027-02-28T12:00:00+09:00') }));
  expect(await purgeExpired({ store, dataDir }, new Date('2027-03-31T05:00:00+09:00'), 1)).toBe(0);
  expect(await purgeExpired({ store, dataDir }, new Date('2027-03-31T12:01:00+09:00'), 1)).toBe(1);
});
