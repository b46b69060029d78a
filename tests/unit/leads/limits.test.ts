import { AsyncLocalStorage } from 'node:async_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { clientKey, createLimits } from '#lib/leads/limits.ts';
import { createScreening } from '#lib/leads/screening.ts';
import { submit } from '#lib/leads/submit.ts';
import { FRIDAY_EVENING, filledForm, readableLog, storeIn, temporaryFolder } from './stage.ts';

describe('1人の訪問者と数えるもの', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0DB8:0001:0002:ffff::1', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['unknown', 'unknown'],
  ])('%s は %s', (address, key) => expect(clientKey(address)).toBe(key));
});

describe('続けて送られたとき', () => {
  const now = FRIDAY_EVENING;

  test('決めた数を超えたら、いつから送れるかを答える。ほかの人は送れる', async () => {
    const limits = createLimits({ registrations: 3, windowSeconds: 600, floodAbove: 0, sitePerMinute: 1000 });
    for (let count = 0; count < 3; count++) expect((await limits.admit('203.0.113.7', now)).status).toBe('admitted');
    const refused = await limits.admit('203.0.113.7', now);
    if (refused.status !== 'limited') throw new Error('not limited');
    expect(refused.retryAt.getTime() - now.getTime()).toBeGreaterThan(590_000);
    expect(refused.retryAt.getTime() - now.getTime()).toBeLessThanOrEqual(600_000);
    expect((await limits.admit('203.0.113.8', now)).status).toBe('admitted');
  });

  test('IPv6のアドレスを変えながら送っても、同じ1人と数える', async () => {
    const limits = createLimits({ registrations: 5, windowSeconds: 600, floodAbove: 0, sitePerMinute: 1000 });
    const answers = [];
    for (let count = 0; count < 8; count++) answers.push((await limits.admit(`2001:db8:1:2::${count}`, now)).status);
    expect(answers.filter((status) => status === 'limited')).toHaveLength(3);
  });

  test('プロキシの設定を忘れて全員が手元のアドレスに見えても、断らない', async () => {
    const limits = createLimits({ registrations: 1, windowSeconds: 600, floodAbove: 0, sitePerMinute: 1000 });
    for (const address of ['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1']) {
      for (let count = 0; count < 5; count++) expect((await limits.admit(address, now)).status).toBe('admitted');
    }
  });

  test('その人を数えている10分の間も、その人の要求をメモリに残さない', async () => {
    const limits = createLimits({ floodAbove: 0, sitePerMinute: 1000 });
    const requests = new AsyncLocalStorage<object>();
    const seen = await Promise.all(
      ['203.0.113.7', '203.0.113.8', '203.0.113.9'].map(async (client) => {
        const request = {};
        await requests.run(request, () => limits.admit(client, now));
        return new WeakRef(request);
      }),
    );
    // What a WeakRef was made for lives until the end of its turn at least.
    await new Promise((wake) => setTimeout(wake));
    setFlagsFromString('--expose-gc');
    runInNewContext('gc')();
    expect(seen.map((request) => request.deref())).toEqual([undefined, undefined, undefined]);
  });

  test('断られた登録は残らず、書いたものが返り、記録にアドレスは出ない', async () => {
    const store = storeIn(await temporaryFolder());
    const log = readableLog();
    const screening = createScreening(
      createLimits({ registrations: 1, windowSeconds: 600, floodAbove: 0, sitePerMinute: 1000 }),
    );
    const send = () =>
      submit(filledForm({ submission_id: crypto.randomUUID() }), {
        store,
        log,
        screening,
        client: '203.0.113.7',
        clock: () => now,
      });
    expect((await send()).status).toBe('accepted');
    expect(await send()).toMatchObject({ status: 'limited', typed: { name: '山田太郎', email: 'taro@example.jp' } });
    expect((await store.list({ limit: 10 })).leads).toHaveLength(1);
    expect(log.lines.map(({ event }) => event)).toEqual(['lead.accepted', 'lead.limited']);
    expect(JSON.stringify(log.lines)).not.toContain('203.0.113.7');
  });
});
