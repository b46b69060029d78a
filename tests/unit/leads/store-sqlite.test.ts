import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { isStoreError } from '#lib/leads/store-error.ts';
import { handClock, newLead, storeIn, temporaryFolder } from './stage.ts';
import { storeContract } from './store-contract.ts';
import { amendContract } from './store-contract-amend.ts';
import { mailContract } from './store-contract-mails.ts';

// Each store has a thread of its own to start, on machines that do other things as well.
vi.setConfig({ testTimeout: 20_000 });

const open = async () => {
  const folder = await temporaryFolder();
  const clock = handClock();
  return {
    store: storeIn(folder, { clock: clock.now }),
    another: () => storeIn(folder, { clock: clock.now }),
    advance: clock.advance,
  };
};
storeContract('SQLite', open);
mailContract('SQLite', open);
amendContract('SQLite', open);

const fault = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return isStoreError(error) ? error.fault : error;
};

/** Another process's lock, as far as SQLite can tell: a second connection. */
function lock(folder: string): DatabaseSync {
  const other = new DatabaseSync(path.join(folder, 'leads.sqlite'));
  onTestFinished(() => {
    if (other.isOpen) other.close();
  });
  other.exec('BEGIN EXCLUSIVE');
  return other;
}

describe('SQLite: 故障', () => {
  test('ほかのプロセスが書き込みを止めている間は登録が待ち、一覧は待たない', async () => {
    const folder = await temporaryFolder();
    const store = storeIn(folder);
    await store.accept(newLead());
    const other = lock(folder);
    let accepted = false;
    const waiting = store.accept(newLead()).then(() => {
      accepted = true;
    });
    for (let count = 0; count < 20; count += 1) {
      expect((await store.list({ limit: 10 })).leads).toHaveLength(1);
    }
    expect(accepted).toBe(false);
    other.exec('COMMIT');
    await waiting;
    expect((await store.list({ limit: 10 })).leads).toHaveLength(2);
  });

  test('待ちきれない登録は「ロック」と答えて何も残さず、ロックが解ければまた受け付ける', async () => {
    const folder = await temporaryFolder();
    await storeIn(folder).accept(newLead());
    const store = storeIn(folder, { answerWithinMs: 2500 });
    await store.condition();
    const other = lock(folder);
    const late = newLead();
    expect(await fault(store.accept(late))).toBe('locked');
    other.exec('COMMIT');
    expect((await store.accept(late)).status).toBe('created');
    expect((await store.list({ limit: 10 })).leads).toHaveLength(2);
  });

  test('置き場所が使えない間は断り、直れば同じ入口がそのまま受け付ける', async () => {
    const folder = path.join(await temporaryFolder(), 'data');
    await writeFile(folder, 'a file where a folder should be');
    const store = storeIn(folder);
    expect(await fault(store.accept(newLead()))).toBe('damaged');
    await rm(folder);
    expect((await store.accept(newLead())).status).toBe('created');
  });

  test('データベースではないファイルには触れない', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'leads.sqlite');
    const text = 'not a database, '.repeat(100);
    await writeFile(file, text);
    expect(await fault(storeIn(folder).condition())).toBe('damaged');
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  test('プログラムより新しいデータベースは、版を言って開かない', async () => {
    const folder = await temporaryFolder();
    const first = storeIn(folder);
    await first.accept(newLead());
    await first.close();
    const file = path.join(folder, 'leads.sqlite');
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 999');
    database.close();
    const store = storeIn(folder);
    await expect(store.accept(newLead())).rejects.toThrow(/データベースの版（999）.*より新しい/);
    expect(await fault(store.condition())).toBe('unsupported');
  });

  test('1件の異常は、同じ書き込みにまとめられたほかの登録を巻き込まない', async () => {
    const store = storeIn(await temporaryFolder());
    const broken = newLead({ receivedAt: new Date(Number.NaN) });
    const results = await Promise.allSettled([newLead(), broken, newLead()].map((lead) => store.accept(lead)));
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await store.list({ limit: 10 })).leads).toHaveLength(2);
  });

  test('読めなくなった登録が1件あっても、ほかのメールは出る', async () => {
    const folder = await temporaryFolder();
    const store = storeIn(folder);
    const { receipt } = await store.accept(newLead());
    await store.accept(newLead({ answers: { email: 'hanako@example.jp' } }));
    const database = new DatabaseSync(path.join(folder, 'leads.sqlite'));
    database.prepare("UPDATE lead_revisions SET start = 'someday' WHERE lead_id = ?").run(receipt.leadId);
    database.close();
    expect(await store.claimDue(3, 60)).toEqual([]);
    expect((await store.claimDue(3, 60)).map((mail) => mail.lead.email)).toEqual(Array(3).fill('hanako@example.jp'));
  });
});

describe('SQLite: ファイル', () => {
  test('データは持ち主だけが読める', async () => {
    const folder = path.join(await temporaryFolder(), 'data');
    const store = storeIn(folder);
    await store.accept(newLead());
    const mode = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);
    expect(await mode(folder)).toBe('700');
    for (const name of ['leads.sqlite', 'leads.sqlite-wal', 'leads.sqlite-shm']) {
      expect(await mode(path.join(folder, name))).toBe('600');
    }
  });

  test('空のフォルダーを8つの入口が同時に開いても、データベースは1つできる', async () => {
    const folder = await temporaryFolder();
    const stores = Array.from({ length: 8 }, () => storeIn(folder));
    await Promise.all(stores.map((store) => store.accept(newLead())));
    expect((await storeIn(folder).list({ limit: 20 })).leads).toHaveLength(8);
  });

  test('同時に届いた200件は、少ない回数の書き込みにまとめられる', async () => {
    const folder = await temporaryFolder();
    const store = storeIn(folder);
    await store.condition();
    const log = path.join(folder, 'leads.sqlite-wal');
    const before = countCommits(await readFile(log));
    await Promise.all(Array.from({ length: 200 }, () => store.accept(newLead())));
    expect(countCommits(await readFile(log)) - before).toBeLessThan(20);
  });

  test('消した人の名前も住所も電話番号も、データのどのファイルにも残らない', async () => {
    const folder = await temporaryFolder();
    const store = storeIn(folder);
    const traces = ['消去対象太郎', 'kesu@marker.example', '080-7777-6666', 'utm-marker-4711'];
    await store.accept(
      newLead({
        answers: { name: traces[0] ?? '', email: traces[1] ?? '', phone: traces[2] ?? '' },
        source: { utm: traces[3] },
      }),
    );
    await store.accept(newLead());
    const found = async () => {
      const files = ['leads.sqlite', 'leads.sqlite-wal'].map((name) => readFile(path.join(folder, name)));
      const bytes = Buffer.concat(await Promise.all(files));
      return traces.filter((trace) => bytes.includes(trace));
    };
    expect(await found()).toEqual(traces);
    await store.erase('kesu@marker.example');
    expect(await found()).toEqual([]);
  });
});

/** Commits in a write-ahead log: frames that say how large the database is after them (sqlite.org/fileformat2.html). */
function countCommits(log: Buffer): number {
  const HEADER = 32;
  const FRAME_HEADER = 24;
  const frame = FRAME_HEADER + log.readUInt32BE(8);
  let commits = 0;
  for (let at = HEADER; at + frame <= log.length; at += frame) if (log.readUInt32BE(at + 4) !== 0) commits += 1;
  return commits;
}
