import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startPostgres } from '../../support/postgres.ts';
import { openProxy } from './cutting-proxy.ts';
import { errorOf, faultOf, operatorAt, postgresOfThisFile, storeAt } from './postgres-stage.ts';
import { newLead } from './stage.ts';

const postgres = postgresOfThisFile();

/** Connecting and making the tables is within nobody's patience here; it goes on behind an answer that came too late. */
const untilPrepared = (store: ReturnType<typeof storeAt>) => vi.waitFor(() => store.condition(), { timeout: 20_000 });

describe('PostgreSQL: 切れた接続', () => {
  test.each(['before', 'after'] as const)(
    '確定の返事が届かなくても（%s）、登録は1件で、訪問者には受付番号が返る',
    async (when) => {
      const url = await postgres().createDatabase();
      const proxy = await openProxy(url);
      const store = storeAt(proxy.url);
      await store.accept(newLead());
      const lead = newLead();
      const cut = proxy.cut('COMMIT\0', when);
      const { status, receipt } = await store.accept(lead);
      await cut;
      // The first try was committed, or not; either way the second settles it by the submission id.
      expect(status).toBe(when === 'after' ? 'repeated' : 'created');
      expect(await store.accept(lead)).toEqual({ status: 'repeated', receipt });
      expect((await store.list({ limit: 10 })).leads).toHaveLength(2);
    },
  );

  test('保留を解いた返事が届かなければ「分からない」と答え、もう一度は解かない', async () => {
    const url = await postgres().createDatabase();
    const proxy = await openProxy(url);
    const store = storeAt(proxy.url);
    const { receipt } = await store.accept(newLead({ verdict: { status: 'quarantined', reason: '速すぎる送信' } }));
    const cut = proxy.cut('COMMIT\0', 'after');
    expect(await faultOf(store.release(receipt.number))).toBe('unreachable');
    await cut;
    expect(await store.release(receipt.number)).toEqual({ status: 'free' });
    expect(await store.condition()).toMatchObject({ pending: 3, quarantined: 0 });
  });

  test('止まったデータベースには時間内に「届かない」と答え、動き出せば同じ入口がそのまま受け付ける', async () => {
    const url = await postgres().createDatabase();
    const store = storeAt(url, { answerWithinMs: 1000 });
    await untilPrepared(store);
    await store.accept(newLead());
    const lost = Array.from({ length: 20 }, () => newLead());
    postgres().pause();
    const asked = performance.now();
    const faults = await Promise.all(lost.map((lead) => faultOf(store.accept(lead))));
    const waited = performance.now() - asked;
    postgres().resume();
    expect(new Set(faults)).toEqual(new Set(['unreachable']));
    expect(waited).toBeGreaterThan(900);
    expect(waited).toBeLessThan(3000);
    const patient = storeAt(url);
    for (const lead of lost) await patient.accept(lead);
    await store.accept(newLead());
    expect((await store.list({ limit: 50 })).leads).toHaveLength(22);
  });

  test('再起動の間の登録は待って受け付けられ、1件ずつ残る', async () => {
    const url = await postgres().createDatabase();
    const store = storeAt(url, { answerWithinMs: 60_000 });
    await store.accept(newLead());
    const restarted = postgres().restart('immediate');
    const accepted = await Promise.all(Array.from({ length: 20 }, () => store.accept(newLead())));
    await restarted;
    expect(new Set(accepted.map(({ receipt }) => receipt.number)).size).toBe(20);
    expect((await store.list({ limit: 50 })).leads).toHaveLength(21);
  }, 60_000);

  test('途中で音信不通になった入口の取引はサーバーが終わらせ、同じ人の次の登録は待てば受け付けられる', async () => {
    const url = await postgres().createDatabase();
    const proxy = await openProxy(url);
    const cutOff = storeAt(proxy.url, { answerWithinMs: 1000 });
    await untilPrepared(cutOff);
    await cutOff.accept(newLead({ answers: { email: 'first@example.jp' } }));
    // It holds the lock of 山田太郎's address, and its server never hears of it again.
    const cut = proxy.cut('INSERT INTO outbox', 'silence');
    expect(await faultOf(cutOff.accept(newLead()))).toBe('unreachable');
    await cut;
    expect((await storeAt(url).accept(newLead())).status).toBe('created');
    expect((await storeAt(url).list({ limit: 10 })).leads).toHaveLength(2);
  });
});

describe('PostgreSQL: 断るとき', () => {
  test('待ちきれない登録は「ロック」と答えて何も残さず、ロックが解ければまた受け付ける', async () => {
    const url = await postgres().createDatabase();
    const store = storeAt(url, { answerWithinMs: 3000 });
    await store.accept(newLead());
    const other = await operatorAt(url);
    await other.query('BEGIN; LOCK TABLE lead_revisions IN ACCESS EXCLUSIVE MODE');
    const late = newLead();
    expect(await faultOf(store.accept(late))).toBe('locked');
    await other.query('COMMIT');
    expect((await store.accept(late)).status).toBe('created');
    expect((await store.list({ limit: 10 })).leads).toHaveLength(2);
  });

  test('プログラムより新しいデータベースは、版を言って使わない', async () => {
    const url = await postgres().createDatabase();
    await storeAt(url).accept(newLead());
    await (await operatorAt(url)).query('UPDATE lead_schema SET version = 999');
    await expect(storeAt(url).accept(newLead())).rejects.toThrow(/データベースの版（999）.*より新しい/);
    expect(await faultOf(storeAt(url).condition())).toBe('unsupported');
  });

  test('電源断で登録を失う設定（fsync=off）の相手は使わない', async () => {
    const careless = await startPostgres({ fsync: 'off' });
    onTestFinished(() => careless.remove());
    await expect(storeAt(await careless.createDatabase()).accept(newLead())).rejects.toThrow('fsync');
  }, 60_000);

  test('利用者や権限の誤りは、直すところを言う', async () => {
    const url = new URL(await postgres().createDatabase());
    url.pathname = '/no_such_database';
    await expect(storeAt(url.href).condition()).rejects.toThrow(/3D000 DATABASE_URLの利用者名/);
    url.password = 'wrong';
    expect(await faultOf(storeAt(url.href).condition())).toBe('unsupported');
  });

  test('TLSを求める設定なら、TLSを話さない相手には何も送らない', async () => {
    const url = await postgres().createDatabase();
    const store = storeAt(`${url}?sslmode=verify-full`, { answerWithinMs: 1000 });
    expect(await faultOf(store.accept(newLead()))).toBe('unreachable');
    expect(await storeAt(url).condition()).toMatchObject({ pending: 0 });
  });

  test('エラーに、名前もアドレスも電話番号も、接続の合言葉も現れない', async () => {
    const url = await postgres().createDatabase();
    const store = storeAt(url);
    await store.accept(newLead());
    const operator = await operatorAt(url);
    // PostgreSQL itself says: Failing row contains (…, 山田太郎, taro@example.jp, …).
    await operator.query('ALTER TABLE lead_revisions ADD CHECK (revision > 99) NOT VALID');
    const shown = inspect(await errorOf(store.accept(newLead())), { depth: 10, showHidden: true });
    expect(shown).toContain('23514');
    for (const secret of ['山田太郎', 'taro@example.jp', '1234-5678', new URL(url).password]) {
      expect(shown).not.toContain(secret);
    }
  });
});

describe('PostgreSQL: 設定と版', () => {
  test('データベースの設定がどうであれ、登録はディスクに書かれてから確定する', async () => {
    const url = await postgres().createDatabase();
    const operator = await operatorAt(url);
    await operator.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET synchronous_commit = off`);
    const store = storeAt(url);
    await store.condition();
    await operator.query(`CREATE TABLE seen (setting text);
      CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NEW; END $$;
      CREATE TRIGGER note BEFORE INSERT ON leads FOR EACH ROW EXECUTE FUNCTION note()`);
    await store.accept(newLead());
    expect((await operator.query('SELECT setting FROM seen')).rows).toEqual([{ setting: 'on' }]);
  });

  test('空のデータベースを8つの入口が同時に開いても、表は1組できる', async () => {
    const url = await postgres().createDatabase();
    await Promise.all(Array.from({ length: 8 }, () => storeAt(url).accept(newLead())));
    expect((await storeAt(url).list({ limit: 20 })).leads).toHaveLength(8);
  });

  test('表を作る途中で切れても、次に開いたときに作り直される', async () => {
    const url = await postgres().createDatabase();
    const proxy = await openProxy(url);
    const cut = proxy.cut('DELETE FROM lead_schema', 'before');
    expect((await storeAt(proxy.url).accept(newLead())).status).toBe('created');
    await cut;
    expect((await storeAt(url).list({ limit: 20 })).leads).toHaveLength(1);
  });
});
