import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Transport } from '#lib/leads/transport.ts';
import { openTransport } from '#lib/leads/transport.ts';
import { deliver, drained, office, WAIT } from './deliver-stage.ts';
import { mailServer, reply } from './mail-server.ts';
import { handClock, newLead, storeIn } from './stage.ts';

const OPERATOR = 'operator@agency.example.jp';
type Server = Awaited<ReturnType<typeof mailServer>>;

/** A site whose mail server is down; `wall` is the clock on the wall, from Friday 18:00. */
async function withoutMail() {
  const stopped = await mailServer();
  await stopped.close();
  const { dataDir, transport } = await office(stopped.url);
  const store = storeIn(dataDir);
  const wall = handClock();
  const run = (through: Transport = transport) => {
    const operator = { operatorMailTo: [OPERATOR], dataDir };
    return deliver(store, through, { operator, clock: wall.now });
  };
  return { dataDir, store, wall, run, smtpUrl: stopped.url, back: () => mailServer({ port: stopped.port }) };
}

const toldBy = (server: Server) => server.received.filter(({ recipients }) => recipients.includes(OPERATOR));
const said = (loop: { log: { lines: { event: string }[] } }, event: string) =>
  vi.waitFor(() => expect(loop.log.lines).toContainEqual(expect.objectContaining({ event })), WAIT);

test('1時間より長く送れなかったあと、送れるようになれば、運用担当に1通だけ知らせる', async () => {
  const { dataDir, store, wall, run, back } = await withoutMail();
  const loop = run();
  await store.accept(newLead());
  await said(loop, 'mail.failing');
  expect(loop.failingSince()).toEqual(wall.now());
  wall.advance(80 * 60);
  await said(loop, 'mail.failing_long');
  const server = await back();
  await said(loop, 'mail.recovered');
  await drained(store);
  await said(loop, 'operator.told');
  const [notice, second] = toldBy(server);
  expect(second).toBeUndefined();
  expect(notice?.mail.subject).toBe('【要確認】メールを1時間20分のあいだ送れませんでした（いまは送れています）');
  expect(notice?.mail.text).toContain('2026年11月27日(金)18:00から2026年11月27日(金)19:20まで');
  expect(notice?.mail.text).toMatch(/送信を待っているメール：\d通/);
  expect(notice?.mail.text).not.toMatch(/山田|taro|090/);
  expect(loop.failingSince()).toBeUndefined();

  await store.accept(newLead());
  await drained(store);
  expect(toldBy(server)).toHaveLength(1);
  expect(await readdir(dataDir)).not.toContain('mail-failing.json');
});

test('1時間に満たなければ、記録だけに残す', async () => {
  const { store, wall, run, back } = await withoutMail();
  const loop = run();
  await store.accept(newLead());
  await said(loop, 'mail.failing');
  wall.advance(59 * 60);
  const server = await back();
  await drained(store);
  expect(loop.log.lines).toContainEqual({ event: 'mail.recovered', minutes: 59 });
  await loop.stop();
  expect(toldBy(server)).toEqual([]);
});

test('つながるのに「あとで」と断られつづけたときも知らせる', async () => {
  let isRefusing = true;
  const server = await mailServer({
    judge: () => {
      if (isRefusing) throw reply(451, 'try again later');
    },
  });
  const { store, transport, dataDir, clock } = await office(server.url);
  const wall = handClock();
  const loop = deliver(store, transport, { operator: { operatorMailTo: [OPERATOR], dataDir }, clock: wall.now });
  await store.accept(newLead());
  await said(loop, 'mail.failing');
  isRefusing = false;
  wall.advance(2 * 60 * 60);
  clock.advance(2 * 60 * 60);
  loop.nudge();
  await drained(store);
  await said(loop, 'operator.told');
  expect(toldBy(server)).toHaveLength(1);
});

test('途中で再起動しても、はじめから数え、知らせるのは1通', async () => {
  const { dataDir, store, wall, run, back, smtpUrl } = await withoutMail();
  const first = run();
  await store.accept(newLead());
  await said(first, 'mail.failing');
  wall.advance(40 * 60);
  await first.stop();
  expect((await stat(path.join(dataDir, 'mail-failing.json'))).mode & 0o777).toBe(0o600);
  const server = await back();
  wall.advance(40 * 60);
  const second = run(openTransport({ smtpUrl, dataDir }));
  await said(second, 'operator.told');
  await drained(store);
  await second.stop();
  const third = run(openTransport({ smtpUrl, dataDir }));
  await store.accept(newLead({ answers: { email: 'hanako@example.jp' } }));
  await drained(store);
  await third.stop();
  expect(toldBy(server).map(({ mail }) => mail.subject)).toEqual([expect.stringContaining('1時間20分')]);
});

test('知らせる前に落ちたら、次に始まったときに知らせる', async () => {
  const { dataDir, wall, run, back } = await withoutMail();
  const file = path.join(dataDir, 'mail-failing.json');
  const since = wall.now();
  wall.advance(90 * 60);
  await writeFile(file, JSON.stringify({ since, until: wall.now(), told: [] }));
  const server = await back();
  await said(run(), 'operator.told');
  await vi.waitFor(async () => expect(await readFile(file, 'utf8').catch(() => 'gone')).toBe('gone'), WAIT);
  expect(toldBy(server)).toHaveLength(1);
});

test('1人のアドレスだけが断られても、ほかが届いていれば知らせない', async () => {
  const server = await mailServer({
    options: {
      onRcptTo: ({ address }, _session, done) =>
        done(address === 'taro@example.jp' ? reply(550, 'no such user') : null),
    },
  });
  const { store, transport, dataDir } = await office(server.url);
  const wall = handClock();
  const loop = deliver(store, transport, { operator: { operatorMailTo: [OPERATOR], dataDir }, clock: wall.now });
  for (let count = 0; count < 3; count += 1) {
    await store.accept(newLead());
    await drained(store);
    wall.advance(60 * 60);
  }
  await loop.stop();
  expect(loop.log.lines).not.toContainEqual(expect.objectContaining({ event: 'mail.failing' }));
  expect(toldBy(server)).toEqual([]);
});

test('1人のメールボックスだけがいつまでも「あとで」と言っても、その間にほかが届けば知らせない', async () => {
  const server = await mailServer({
    options: {
      onRcptTo: ({ address }, _session, done) =>
        done(address === 'full@example.jp' ? reply(452, 'mailbox full') : null),
    },
  });
  const { store, transport, dataDir, clock } = await office(server.url);
  const wall = handClock();
  const loop = deliver(store, transport, { operator: { operatorMailTo: [OPERATOR], dataDir }, clock: wall.now });
  await store.accept(newLead({ answers: { email: 'full@example.jp' } }));
  const tries = () => loop.log.lines.filter(({ event }) => event === 'mail.failed').length;
  for (let count = 1; count <= 5; count += 1) {
    await vi.waitFor(() => expect(tries()).toBe(count), WAIT);
    wall.advance(60 * 60);
    clock.advance(2 * 60 * 60);
    loop.nudge();
  }
  await store.accept(newLead());
  await vi.waitFor(() => expect(server.received).toHaveLength(5), WAIT);
  await loop.stop();
  expect(loop.log.lines).not.toContainEqual(expect.objectContaining({ event: 'mail.failing' }));
  expect(toldBy(server)).toEqual([]);
});

test('壊れた控えがあっても始まり、いまから数える', async () => {
  const { dataDir, store, wall, run } = await withoutMail();
  await writeFile(path.join(dataDir, 'mail-failing.json'), '{"since":');
  const loop = run();
  await store.accept(newLead());
  await said(loop, 'mail.failing');
  expect(loop.failingSince()).toEqual(wall.now());
});
