import { describe, expect, test, vi } from 'vitest';
import { deliver, drained, drainedInTime, office, visitorOf, WAIT } from './deliver-stage.ts';
import { bareServer, mailServer, reply } from './mail-server.ts';
import { AGENTS, newLead, storeIn } from './stage.ts';

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
