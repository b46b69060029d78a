import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { simpleParser } from 'mailparser';
import { describe, expect, test, vi } from 'vitest';
import { composeMail } from '#lib/leads/mails.ts';
import type { LeadStore } from '#lib/leads/store.ts';
import { context, deliver, drained, office, WAIT } from './deliver-stage.ts';
import { mailServer } from './mail-server.ts';
import { AGENTS, newLead } from './stage.ts';

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
