import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UNBROKEN } from './checker.ts';
import { throwDice } from './dice.ts';
import { type Cluster, startCluster } from './replicas-cluster.ts';
import { blackHole, crashUnderLoad, killWithMailsInHand, mailServerAway, sendPairs } from './replicas-scenarios.ts';

describe('2つのサイトと1つのPostgreSQL', { timeout: 120_000 }, () => {
  const dice = throwDice('replicas');
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster([{}, {}]);
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
  test('手にしていたメールは、期限までは誰も送らず、期限のあとにもう1つのサイトが1通ずつ送る', async () => {
    const silence = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silence, 'listening');
    const { port } = silence.address() as AddressInfo;
    const cluster = await startCluster([{ SMTP_URL: `smtp://127.0.0.1:${port}` }, {}]);
    try {
      // The lease is one of the database's clock: setting it back is what its clock would do in a minute.
      const endLeases = () => cluster.query('UPDATE outbox SET lease_until = 1 WHERE lease_until IS NOT NULL');
      const result = await killWithMailsInHand(cluster, async () => void (await endLeases()));
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
    const clock = (hours: number) => ({
      SHIFT_HOURS: String(hours),
      NODE_OPTIONS: `--import=${path.join(import.meta.dirname, 'shift-clock.ts')}`,
    });
    const cluster = await startCluster([clock(6), clock(-6)]);
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
