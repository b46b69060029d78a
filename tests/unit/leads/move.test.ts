import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { moveToPostgres } from '#lib/leads/postgres/move.ts';
import { everyLead, type LeadStore } from '#lib/leads/store.ts';
import { openProxy } from './cutting-proxy.ts';
import { errorOf, faultOf, operatorAt, postgresOfThisFile, storeAt } from './postgres-stage.ts';
import { newLead, storeIn, temporaryFolder } from './stage.ts';

const postgres = postgresOfThisFile();
const fileIn = (folder: string) => path.join(folder, 'leads.sqlite');

async function exported(store: LeadStore): Promise<unknown[]> {
  const leads: unknown[] = [];
  for await (const lead of everyLead(store)) leads.push([lead, await store.history(lead.id)]);
  return leads;
}

/** A store in which everything has happened: corrections, further answers, a withdrawal, mails sent, failed and dead, a quarantine, an erasure. */
async function livedIn(folder: string, people = 40): Promise<unknown[]> {
  const store = storeIn(folder);
  const leads = Array.from({ length: people }, (_, index) =>
    newLead({
      answers: {
        email: `person${index}@example.jp`,
        name: index === 7 ? '山﨑\u{FA19} か\u3099 👨‍👩‍👧‍👦' : `人${index}`,
      },
      receivedAt: new Date(Date.UTC(2026, 10, 1, 0, index)),
    }),
  );
  for (const lead of leads) await store.accept(lead);
  for (const lead of leads.slice(0, 5)) {
    await store.accept({ ...lead, answers: { ...lead.answers, phone: '080-9999-8888', phoneE164: '+818099998888' } });
  }
  await store.accept(newLead({ verdict: { status: 'quarantined', reason: '速すぎる送信' } }));
  const [failed, dead, ...sent] = await store.claimDue(20, 60);
  await store.markFailed(failed?.token ?? '', '451 try later', 30);
  await store.markDead(dead?.token ?? '', '550 no such user');
  for (const mail of sent) await store.markSent(mail.messageId);
  await store.erase('person12@example.jp');
  const [answered, withdrawn] = (await store.list({ limit: 3 })).leads.slice(1);
  const at = new Date(Date.UTC(2026, 10, 28));
  await store.amend(answered?.id ?? '', { kind: 'follow-up', followUp: { role: 'pmo', note: '山﨑\n\u{FA19}' } }, at);
  await store.amend(withdrawn?.id ?? '', { kind: 'withdrawal' }, at);
  const before = await exported(store);
  await store.close();
  return before;
}

describe('SQLiteからPostgreSQLへの引っ越し', () => {
  test('登録、訂正前の答え、メールの状態と順番がそのまま移り、もう一度移しても増えない', async () => {
    const folder = await temporaryFolder();
    const url = await postgres().createDatabase();
    const before = await livedIn(folder);
    const places = { file: fileIn(folder), url };
    expect(await moveToPostgres(places)).toEqual({ status: 'moved', leads: 41, moved: 41, mails: 131 });
    expect(await exported(storeAt(url))).toEqual(before);
    expect(await moveToPostgres(places)).toEqual({ status: 'moved', leads: 41, moved: 0, mails: 0 });
    expect(await exported(storeAt(url))).toEqual(before);
    const [next] = await storeAt(url).claimDue(1, 60);
    expect(next).toMatchObject({ kind: 'visitor', attempts: 1, lead: { name: '人6' } });
    expect((await storeAt(url).removals()).length).toBe(3);
  });

  test('移したあとの元のファイルは、DATABASE_URLを忘れたサイトでは開かない', async () => {
    const folder = await temporaryFolder();
    await livedIn(folder, 15);
    await moveToPostgres({ file: fileIn(folder), url: await postgres().createDatabase() });
    const store = storeIn(folder);
    expect(await faultOf(store.accept(newLead()))).toBe('unsupported');
    await expect(store.claimDue(1, 60)).rejects.toThrow('DATABASE_URLを設定して');
  });

  test('サイトが使っているファイルは移さず、サイトも止めない', async () => {
    const folder = await temporaryFolder();
    const site = storeIn(folder);
    await site.accept(newLead());
    const url = await postgres().createDatabase();
    expect(await moveToPostgres({ file: fileIn(folder), url })).toEqual({ status: 'in-use' });
    expect((await site.accept(newLead())).status).toBe('created');
    expect((await storeAt(url).list({ limit: 1 })).leads).toEqual([]);
  });

  test('移す先で変わった登録は、もう一度移しても元に戻らない', async () => {
    const folder = await temporaryFolder();
    const url = await postgres().createDatabase();
    await livedIn(folder);
    const places = { file: fileIn(folder), url };
    await moveToPostgres(places);
    const site = storeAt(url);
    await site.erase('person20@example.jp');
    await site.accept(newLead({ answers: { email: 'later@example.jp' } }));
    const afterwards = await exported(site);
    expect(await moveToPostgres(places)).toEqual({ status: 'moved', leads: 41, moved: 0, mails: 0 });
    expect(await exported(site)).toEqual(afterwards);
  });

  test('両方のサイトに届いた同じ送信は、どちらの受付番号も残る', async () => {
    const folder = await temporaryFolder();
    const url = await postgres().createDatabase();
    const lead = newLead();
    const there = await storeAt(url).accept(lead);
    const old = storeIn(folder);
    const here = await old.accept(lead);
    await old.close();
    expect(await moveToPostgres({ file: fileIn(folder), url })).toMatchObject({ status: 'moved', moved: 1 });
    const store = storeAt(url);
    expect(await store.find(here.receipt.number)).toMatchObject({ name: '山田太郎' });
    expect(await store.accept(lead)).toEqual({ status: 'repeated', receipt: there.receipt });
  });

  test.each([
    ['いまの答え', '人9'],
    ['訂正前の答え', '人3'],
  ])('移った内容（%s）が元と違えば、その受付番号を言って何も残さない', async (_which, name) => {
    const folder = await temporaryFolder();
    const url = await postgres().createDatabase();
    await livedIn(folder, 15);
    await storeAt(url).condition();
    // 途中で答えを書き換えるもの（文字を直すトリガーなど）が移す先にあったとき。
    await (await operatorAt(url)).query(`
      CREATE FUNCTION mend() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF NEW.name = '${name}' AND NEW.revision = 1 THEN NEW.name = '別人'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER mend BEFORE INSERT ON lead_revisions FOR EACH ROW EXECUTE FUNCTION mend()`);
    const result = await moveToPostgres({ file: fileIn(folder), url });
    expect(result).toMatchObject({ status: 'different', number: expect.stringMatching(/^.{4}-.{4}$/) });
    expect((await storeAt(url).list({ limit: 1 })).leads).toEqual([]);
    expect((await storeIn(folder).list({ limit: 1 })).leads).toHaveLength(1);
  });

  test.each(['before', 'after'] as const)(
    '確定の返事が届かなくても（%s）、もう一度実行すれば1件ずつ移っている',
    async (when) => {
      const folder = await temporaryFolder();
      const url = await postgres().createDatabase();
      const before = await livedIn(folder);
      await storeAt(url).condition();
      const proxy = await openProxy(url);
      const cut = proxy.cut('COMMIT\0', when);
      expect(await errorOf(moveToPostgres({ file: fileIn(folder), url: proxy.url }))).toBeInstanceOf(Error);
      await cut;
      const again = await moveToPostgres({ file: fileIn(folder), url });
      expect(again).toMatchObject({ status: 'moved', leads: 41, moved: when === 'after' ? 0 : 41 });
      expect(await exported(storeAt(url))).toEqual(before);
    },
  );

  test('どこで強制終了しても、最後には1件ずつ移っている', async () => {
    const folder = await temporaryFolder();
    const url = await postgres().createDatabase();
    const before = await livedIn(folder);
    const proxy = await openProxy(url);
    const command = (address: string) =>
      spawn(process.execPath, ['scripts/leads.ts', 'migrate'], {
        env: { ...process.env, DATA_DIR: folder, DATABASE_URL: address },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    const moments = [
      'CREATE TABLE IF NOT EXISTS lead_schema',
      'CREATE TEMPORARY TABLE moving',
      'INSERT INTO lead_revisions',
      'INSERT INTO outbox',
      'SELECT id FROM moving',
      'COMMIT\0',
    ];
    for (const moment of moments) {
      const held = proxy.cut(moment, 'hold');
      const child = command(proxy.url);
      const ended = once(child, 'exit');
      await held;
      child.kill('SIGKILL');
      await ended;
    }
    const last = command(url);
    let said = '';
    last.stdout.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    expect(await once(last, 'exit')).toEqual([0, null]);
    expect(said).toContain('今回移した登録: 41件（メール131通）');
    expect(said).toContain('照合: 移した登録は');
    expect(await exported(storeAt(url))).toEqual(before);
  }, 60_000);
});
