import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UNBROKEN } from './checker.ts';
import { throwDice } from './dice.ts';
import { jumpClocks, replaceDatabaseClock, SETTABLE, setClock } from './replicas-clocks.ts';
import { type Cluster, startCluster } from './replicas-cluster.ts';
import { blackHole, crashUnderLoad, killWithMailsInHand, mailServerAway, sendPairs } from './replicas-scenarios.ts';

/** Mails that two replicas send at once. */
const MOST_IN_HAND = 8;
/** An hour back leaves them; three hours or more count as a clock that was set right (LATEST_MS in lib/leads/rows.ts). */
const JUMPS_THAT_END_LEASES = 3;

describe('2つのサイトと1つのPostgreSQL', { timeout: 120_000 }, () => {
  const dice = throwDice('replicas');
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster([SETTABLE, SETTABLE]);
  }, 120_000);
  afterAll(() => cluster?.remove(), 60_000);

  test('同じ送信が両方に同時に届いても、登録は1件ずつで、メールは1通ずつ、両方から出る', async () => {
    expect(await sendPairs(cluster, 100)).toEqual({
      leads: 100,
      mails: 200,
      disagreed: 0,
      refused: 0,
      sentTwice: 0,
      senders: 2,
    });
  });

  test('サイトの時計が1時間や1日飛んで戻っても、登録は受け付けられ、メールは1通ずつ届く', async () => {
    const jumped = await jumpClocks(cluster, dice, 1, async (hours) => {
      await Promise.all(cluster.sites.map((site, index) => setClock(site, index % 2 === 0 ? hours : -hours)));
    });
    expect(jumped.verdict.broken).toEqual(UNBROKEN);
    expect(jumped.verdict).toMatchObject({ refused: 0, extraCopies: 0 });
    expect(jumped.quarantined).toBe(0);
    expect(jumped.apartHours.sites).toBeGreaterThan(47);
  });

  test('データベースの時計が飛んで戻っても同じで、もう一度届くのは、その瞬間に送っていたメールだけ', async () => {
    const jumped = await jumpClocks(cluster, dice, 1, await replaceDatabaseClock(cluster));
    expect(jumped.verdict.broken).toEqual(UNBROKEN);
    expect(jumped.verdict.extraCopies).toBeLessThanOrEqual(MOST_IN_HAND * JUMPS_THAT_END_LEASES);
    expect(jumped.quarantined).toBe(0);
    expect(jumped.apartHours.database).toBeGreaterThan(23);
  });

  test('データベースが落ちても、受け付けたと答えた登録は残り、断った登録は送り直せば1件になる', async () => {
    const verdict = await crashUnderLoad(cluster, 3, dice, false);
    expect(verdict.broken).toEqual(UNBROKEN);
    expect(verdict.accepted).toBeGreaterThan(20);
    expect(verdict.slowestMs).toBeLessThan(10_000);
  });

  test('データベースが黙っている間も、10秒以内に正直な答えが返る', async () => {
    const verdict = await blackHole(cluster, 9, dice);
    expect(verdict.broken).toEqual(UNBROKEN);
    expect(verdict.refused).toBeGreaterThan(0);
    expect(verdict.slowestMs).toBeLessThan(10_000);
  });
});

describe('サイトが1つ死んだとき', { timeout: 120_000 }, () => {
  test('手にしていたメールは、残ったサイトの時計が1日ずれても期限までは誰も送らず、期限のあとにもう1つのサイトが1通ずつ送る', async () => {
    const silence = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silence, 'listening');
    const { port } = silence.address() as AddressInfo;
    const cluster = await startCluster([{ SMTP_URL: `smtp://127.0.0.1:${port}` }, SETTABLE]);
    const jump = async () => {
      const [, survivor] = cluster.sites;
      for (const hours of [24, -24]) {
        if (survivor) await setClock(survivor, hours);
        await pause(1200);
      }
    };
    try {
      // The lease is one of the database's clock: setting it back is what its clock would do in a minute.
      const endLeases = () => cluster.query('UPDATE outbox SET lease_until = 1 WHERE lease_until IS NOT NULL');
      const result = await killWithMailsInHand(cluster, jump, async () => void (await endLeases()));
      expect(result.held).toBeGreaterThan(0);
      expect(result).toMatchObject({ untouched: result.held, arrived: result.held, sentTwice: 0 });
      expect(result.attempts).toEqual(Array(result.held).fill(2));
    } finally {
      silence.close();
      await cluster.remove();
    }
  });
});

describe('サイトの時計が狂っているとき', { timeout: 120_000 }, () => {
  test('6時間進んだサイトと6時間遅れたサイトでも、メールは1通ずつ届き、あきらめも送りすぎもない', async () => {
    const cluster = await startCluster(['6', '-6'].map((hours) => ({ ...SETTABLE, SHIFT_HOURS: hours })));
    try {
      const result = await mailServerAway(cluster, 2);
      expect(result).toMatchObject({ arrived: 32, sentTwice: 0, dead: 0, senders: 2 });
      expect(result.mostAttempts).toBeGreaterThan(1);
      expect(result.mostAttempts).toBeLessThan(10);
      const [receipts] = await cluster.query('SELECT max(received_at) - min(received_at) AS apart FROM leads');
      expect(Number(receipts?.apart)).toBeGreaterThan(11 * 60 * 60 * 1000);
    } finally {
      await cluster.remove();
    }
  });
});
