import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { simpleParser } from 'mailparser';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type DeliveryLoop, type DeliveryOptions, startDelivery } from '#lib/leads/deliver.ts';
import { composeMail } from '#lib/leads/mails.ts';
import type { LeadStore } from '#lib/leads/store.ts';
import { openTransport, type Transport } from '#lib/leads/transport.ts';
import { bareServer, mailServer, reply } from './mail-server.ts';
import { AGENTS, handClock, newLead, readableLog, storeIn, temporaryFolder } from './stage.ts';

const context = { siteUrl: 'https://pmo.example.jp', mailFrom: 'noreply@pmo.example.jp' };
vi.setConfig({ testTimeout: 20_000 });
const WAIT = { timeout: 15_000, interval: 20 };

function deliver(store: LeadStore, transport: Transport, changes: Partial<DeliveryOptions> = {}) {
  const log = readableLog();
  const loop = startDelivery({ store, transport, compose: composeMail, context, log, ...changes });
  onTestFinished(async () => {
    await loop.stop();
    transport.close();
  });
  return { ...loop, log };
}

async function office(smtpUrl?: string) {
  const dataDir = await temporaryFolder();
  const clock = handClock();
  const store = storeIn(dataDir, { clock: clock.now });
  return { dataDir, clock, store, transport: openTransport({ smtpUrl, dataDir }) };
}

const visitorOf = async (store: LeadStore, number: string) => {
  const lead = await store.find(number);
  return lead?.state === 'erased' ? undefined : lead?.mails.find((mail) => mail.kind === 'visitor');
};
/** Empty while the store's clock runs ten times as fast as ours. */
const drainedInTime = (store: LeadStore, loop: DeliveryLoop, clock: ReturnType<typeof handClock>) =>
  vi.waitFor(async () => {
    clock.advance(0.2);
    loop.nudge();
    expect((await store.condition()).pending).toBe(0);
  }, WAIT);
const drained = (store: LeadStore) => vi.waitFor(async () => expect((await store.condition()).pending).toBe(0), WAIT);

describe('SMTPで送る', () => {
  test('担当者全員と本人に1通ずつ届き、担当者はそのまま返信できる', async () => {
    const server = await mailServer();
    const { store, transport } = await office(server.url);
    deliver(store, transport);
    const { receipt } = await store.accept(newLead());
    await drained(store);
    expect(server.received.map(({ recipients }) => recipients).sort()).toEqual(
      [[AGENTS[1]], ['taro@example.jp'], [AGENTS[0]]].sort(),
    );
    const agents = server.received.filter(({ recipients }) => recipients[0] !== 'taro@example.jp');
    for (const { mail } of agents) {
      expect(mail.replyTo?.value).toMatchObject([{ address: 'taro@example.jp' }]);
      expect(mail.text).toContain('山田太郎');
      expect(mail.text).toContain('090-1234-5678');
      expect(mail.text).toContain('11月30日(月)18:00');
      expect(mail.text).toContain(receipt.number);
    }
    const ids = server.received.map(({ mail }) => mail.messageId).sort();
    const lead = await store.find(receipt.leadId);
    expect(lead?.state === 'new' && lead.mails.map((mail) => mail.messageId).sort()).toEqual(ids);
  });

  test('docomoの昔のアドレスにも、規格どおりに引用符をつけて届く', async () => {
    const server = await bareServer();
    const { store, transport } = await office(server.url);
    deliver(store, transport);
    await store.accept(newLead({ answers: { email: 'taro..yamada.@docomo.ne.jp' } }));
    await drained(store);
    expect(server.commands).toContain('RCPT TO:<"taro..yamada."@docomo.ne.jp>');
  });

  test('サーバーが止まっていても登録は残り、動き出せば古いものから届く', async () => {
    const stopped = await mailServer();
    await stopped.close();
    const { transport, dataDir } = await office(stopped.url);
    const store = storeIn(dataDir);
    const { log } = deliver(store, transport);
    const first = await store.accept(newLead({ answers: { email: 'first@example.jp' } }));
    const second = await store.accept(newLead({ answers: { email: 'second@example.jp' } }));
    await vi.waitFor(() => expect(log.lines).toContainEqual(expect.objectContaining({ event: 'delivery.down' })), WAIT);
    expect(await store.condition()).toMatchObject({ pending: 6, dead: 0 });
    const server = await mailServer({ port: stopped.port });
    await vi.waitFor(() => expect(server.received).toHaveLength(6), WAIT);
    await drained(store);
    expect(server.received[0]?.mail.text).toContain(first.receipt.number);
    expect(server.received.at(-1)?.mail.text).toContain(second.receipt.number);
    expect(log.lines).toContainEqual(expect.objectContaining({ event: 'delivery.up' }));
  });

  test('いちど断られても、同じMessage-IDで送り直す', async () => {
    const tried: (string | undefined)[] = [];
    const server = await mailServer({
      judge: ({ mail }) => {
        tried.push(mail.messageId);
        if (tried.length === 1) throw reply(451, 'try again later');
      },
    });
    const { store, transport, clock } = await office(server.url);
    const loop = deliver(store, transport);
    await store.accept(newLead());
    await drainedInTime(store, loop, clock);
    expect(tried).toHaveLength(4);
    expect(tried[3]).toBe(tried[0]);
  });

  test('本人のアドレスが無ければあきらめて記録し、担当者には届く', async () => {
    const server = await mailServer({
      options: {
        onRcptTo: ({ address }, _session, done) =>
          done(address === 'taro@example.jp' ? reply(550, `no such user ${address}`) : null),
      },
    });
    const { store, transport } = await office(server.url);
    const { log } = deliver(store, transport);
    const { receipt } = await store.accept(newLead());
    await drained(store);
    expect(server.received.map(({ recipients }) => recipients[0]).sort()).toEqual(AGENTS.toSorted());
    const mail = await visitorOf(store, receipt.number);
    expect(mail).toMatchObject({ state: 'dead', attempts: 1 });
    expect(mail?.lastError).toContain('550');
    expect(JSON.stringify(log.lines)).not.toContain('taro@');
  });

  test('担当者宛が断られてもあきらめず、1時間後にまた試す', async () => {
    let isRefusing = true;
    const server = await mailServer({
      options: {
        onRcptTo: ({ address }, _session, done) =>
          done(isRefusing && address === AGENTS[0] ? reply(550, 'mailbox disabled') : null),
      },
    });
    const { store, transport, clock } = await office(server.url);
    const loop = deliver(store, transport);
    await store.accept(newLead());
    await vi.waitFor(() => expect(server.received).toHaveLength(2), WAIT);
    await vi.waitFor(async () => expect(await store.condition()).toMatchObject({ pending: 1, dead: 0 }), WAIT);
    isRefusing = false;
    clock.advance(70 * 60);
    loop.nudge();
    await drained(store);
    expect(server.received).toHaveLength(3);
  });

  test('いつも接続を切られる1通があっても、ほかのメールは止まらない', async () => {
    const server = await bareServer({ hangUpOn: 'poison@example.jp' });
    const { store, transport } = await office(server.url);
    deliver(store, transport);
    await store.accept(newLead({ answers: { email: 'poison@example.jp' } }));
    for (let count = 0; count < 10; count += 1) {
      await store.accept(newLead({ answers: { email: `visitor${count}@example.jp` } }));
    }
    await vi.waitFor(async () => expect(await store.condition()).toMatchObject({ pending: 1, dead: 0 }), WAIT);
    expect(new Set(server.messageIds).size).toBe(32);
  });

  test('受け取りの返事が届く前に切れたら、同じMessage-IDでもう1通だけ届く', async () => {
    const server = await bareServer({ dropAfterMails: 1 });
    const { store, transport, clock } = await office(server.url);
    const loop = deliver(store, transport);
    await store.accept(newLead());
    await drainedInTime(store, loop, clock);
    expect(server.messageIds).toHaveLength(4);
    expect(new Set(server.messageIds).size).toBe(3);
  });

  test('パスワードのあるサーバーが暗号化できなければ送らず、待って知らせる', async () => {
    let passwords = 0;
    const server = await mailServer({
      options: {
        disabledCommands: ['STARTTLS'],
        allowInsecureAuth: true,
        onAuth: (_auth, _session, done) => {
          passwords += 1;
          done(null, { user: 'user' });
        },
      },
    });
    const { store, transport } = await office(server.url.replace('smtp://', 'smtp://user:secret@'));
    const { log } = deliver(store, transport);
    await store.accept(newLead());
    await vi.waitFor(() => expect(log.lines).toContainEqual(expect.objectContaining({ event: 'delivery.down' })), WAIT);
    expect(passwords).toBe(0);
    expect(server.received).toEqual([]);
    expect(await store.condition()).toMatchObject({ pending: 3, dead: 0 });
    expect(transport.destination).not.toContain('secret');
  });

  test('証明書を信じられないサーバーには送らず、待って知らせる', async () => {
    const server = await mailServer({ options: { secure: true, disabledCommands: [] } });
    const { store, transport } = await office(server.url.replace('smtp://', 'smtps://'));
    const { log } = deliver(store, transport);
    await store.accept(newLead());
    await vi.waitFor(() => expect(log.lines).toContainEqual(expect.objectContaining({ event: 'delivery.down' })), WAIT);
    expect(server.received).toEqual([]);
    expect(await store.condition()).toMatchObject({ pending: 3, dead: 0 });
  });
});

describe('ファイルに残す', () => {
  test('SMTP_URLが無ければ、1通が1つの.emlファイルになり、持ち主だけが読める', async () => {
    const { store, transport, dataDir } = await office();
    deliver(store, transport);
    const { receipt } = await store.accept(newLead());
    await drained(store);
    const folder = path.join(dataDir, 'mail');
    const files = await readdir(folder);
    expect(files.map((name) => name.replace(/\.[0-9a-f]{16}@/, '@')).sort()).toEqual([
      `${receipt.number}.agent@pmo.example.jp.eml`,
      `${receipt.number}.agent@pmo.example.jp.eml`,
      `${receipt.number}.visitor@pmo.example.jp.eml`,
    ]);
    const visitor = files.find((name) => name.includes('visitor')) ?? '';
    expect((await stat(path.join(folder, visitor))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const mail = await simpleParser(await readFile(path.join(folder, visitor)));
    expect(mail.text).toContain('11月30日(月)18:00');
    expect(mail.messageId).toBe(`<${visitor.replace('.eml', '')}>`);
  });

  test('同じメールを2度書いても、ファイルは1つのまま変わらない', async () => {
    const { store, transport, dataDir, clock } = await office();
    await store.accept(newLead());
    const [mail] = await store.claimDue(1, 60);
    if (!mail) throw new Error('no mail');
    // 書いた直後、印をつける前に落ちたのと同じ。
    await transport.send(composeMail(mail.lead, mail, context));
    const [name] = await readdir(path.join(dataDir, 'mail'));
    const before = await readFile(path.join(dataDir, 'mail', name ?? ''));
    clock.advance(61);
    deliver(store, transport);
    await drained(store);
    const files = await readdir(path.join(dataDir, 'mail'));
    expect(files).toHaveLength(3);
    expect(await readFile(path.join(dataDir, 'mail', name ?? ''))).toEqual(before);
  });
});

describe('送る前と後', () => {
  test('組み立てられないメールは3度試し、受付番号だけの簡単なメールにして担当者に届ける', async () => {
    const server = await mailServer();
    const { store, transport, clock } = await office(server.url);
    let tries = 0;
    const loop = deliver(store, transport, {
      compose: (lead, row, where) => {
        if (row.recipient !== AGENTS[0]) return composeMail(lead, row, where);
        tries += 1;
        throw new Error('template broken for taro@example.jp');
      },
    });
    const { receipt } = await store.accept(newLead());
    await vi.waitFor(() => expect(server.received).toHaveLength(2), WAIT);
    for (const times of [1, 2, 3]) {
      await vi.waitFor(() => expect(tries).toBe(times), WAIT);
      await vi.waitFor(async () => expect((await store.claimDue(1, 1)).length).toBe(0), WAIT);
      clock.advance(60);
      loop.nudge();
    }
    await drained(store);
    const plain = server.received.find(({ recipients }) => recipients[0] === AGENTS[0]);
    expect(plain?.mail.text).toContain(receipt.number);
    expect(plain?.mail.text).not.toContain('山田');
    expect(JSON.stringify(loop.log.lines)).not.toContain('taro@');
  });

  test('止めると、送っている途中のメールを待ってから終わり、そのあとは何も送らない', async () => {
    const finish: (() => void)[] = [];
    const server = await mailServer({ judge: () => new Promise((resolve) => void finish.push(resolve)) });
    const { store, transport } = await office(server.url);
    const loop = deliver(store, transport);
    await store.accept(newLead({ answers: { email: '太郎@example.jp' } }));
    await vi.waitFor(() => expect(finish).toHaveLength(2), WAIT);
    let isOver = false;
    const stopped = loop.stop().then(() => {
      isOver = true;
    });
    await store.accept(newLead());
    expect(isOver).toBe(false);
    for (const one of finish) one();
    await stopped;
    expect(server.received).toHaveLength(2);
    expect(await store.condition()).toMatchObject({ pending: 3 });
  });

  test('保存先が一時おかしくなっても、送る係は止まらない', async () => {
    const server = await mailServer();
    const { store, transport } = await office(server.url);
    let failures = 2;
    const flaky: LeadStore = {
      ...store,
      claimDue: (limit, leaseSeconds) => {
        if (failures-- > 0) return Promise.reject(new Error('disk on fire'));
        return store.claimDue(limit, leaseSeconds);
      },
    };
    const loop = deliver(flaky, transport);
    const started = loop.heartbeat();
    await store.accept(newLead());
    await drained(store);
    expect(loop.heartbeat().getTime()).toBeGreaterThan(started.getTime());
    expect(loop.log.lines.filter(({ event }) => event === 'delivery.turn_failed')).toHaveLength(2);
  });
});
