import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { expect, onTestFinished, test } from 'vitest';
import { postOnce, type ReadForm, readForm } from '../support/form-post.ts';
import { freePort, type RunningSite, runSite } from '../support/running-site.ts';
import { endLeases } from './crash.ts';

// A person is planted in every field and header of every kind of request that can go wrong. Afterwards nothing that
// the site wrote, printed or shows may hold a trace, and after `leads erase` neither may the data.

const PROJECT = path.resolve(import.meta.dirname, '../..');
const MARK = `shirushi${Math.random().toString(36).slice(2, 8)}`;
const PHONE = { typed: '090-7391-5824', spellings: ['090-7391-5824', '09073915824', '9073915824'] };
const CLIENT = '203.0.113.77';
const EMAIL = `${MARK}@example.jp`;
const TRACES = [MARK, ...PHONE.spellings, CLIENT];

const person = {
  name: `しるし ${MARK}`,
  email: EMAIL,
  phone: PHONE.typed,
  from: `${MARK}-article`,
  cta: 'opening',
  utm: `utm_source=${MARK}`,
  referrer: `https://referrer.example/${MARK}`,
  unasked: MARK,
};
const headers = {
  'x-forwarded-for': CLIENT,
  'user-agent': MARK,
  cookie: `seen=${MARK}`,
  referer: `https://referrer.example/${MARK}`,
};

/** Everything below `folder` that was written since `since`. */
async function filesIn(folder: string, since = 0): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const nested = entries.map(async (entry) => {
    if (entry.name === 'node_modules' || entry.name === '.git') return [];
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(name, since);
    const status = await stat(name).catch(() => undefined);
    return status?.isFile() && status.mtimeMs >= since ? [name] : [];
  });
  return (await Promise.all(nested)).flat();
}

/** Those of the files that hold a trace, wherever in the file. */
async function traced(files: string[]): Promise<string[]> {
  const found = await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(file).catch(() => Buffer.alloc(0));
      return TRACES.some((trace) => bytes.includes(trace)) ? [file] : [];
    }),
  );
  return found.flat();
}

const tracesIn = (shown: string): string[] => TRACES.filter((trace) => shown.includes(trace));

/** A mail server that refuses everything and says why in the words of the mail itself. */
async function talkativeServer(): Promise<string> {
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    closeTimeout: 100,
    onRcptTo: ({ address }, _session, done) =>
      address === EMAIL ? done(Object.assign(new Error(`no such user ${address}`), { responseCode: 550 })) : done(),
    onData: (stream, _session, done) => {
      text(stream).then((mail) => {
        const body = Buffer.from(/base64\r\n\r\n([\w+/=\r\n]+)/.exec(mail)?.[1] ?? '', 'base64').toString();
        const quoted = `spam: ${EMAIL} ${PHONE.typed} ${body.split('\n').find((line) => line.includes('しるし')) ?? ''}`;
        done(Object.assign(new Error(quoted), { responseCode: 451 }));
      }, done);
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise<void>((closed) => server.close(closed)));
  const address = server.server.address();
  return `smtp://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
}

async function leads(dataDir: string, ...args: string[]): Promise<number | null> {
  const command = spawn(process.execPath, ['scripts/leads.ts', ...args], {
    cwd: PROJECT,
    env: { NODE_ENV: 'production', DATA_DIR: dataDir },
    stdio: 'ignore',
  });
  const [code] = await once(command, 'exit');
  return code;
}

async function post(form: ReadForm, changed: Record<string, string | undefined> = {}, agent?: Agent) {
  return (await postOnce(form, { ...person, ...changed }, agent, headers)).status;
}

/** Answers the further questions of the page at `thanks`: too long, then well, then with a token that is nobody's. */
async function answerFurther(thanks: string): Promise<void> {
  const { hidden } = await readForm(thanks);
  const further = { url: new URL('/register/thanks/receive', thanks).href, hidden };
  const answers = { ...person, role: 'pmo', note: `${MARK}\n${PHONE.typed} ${EMAIL}` };
  expect((await postOnce(further, { ...answers, note: MARK.repeat(200) }, undefined, headers)).status).toBe(422);
  expect((await postOnce(further, answers, undefined, headers)).status).toBe(303);
  expect((await postOnce(further, { ...answers, t: MARK }, undefined, headers)).status).toBe(303);
}

/** Asks in ways that fail before or beside the form. */
async function stray(site: RunningSite): Promise<void> {
  const ways: [string, RequestInit][] = [
    [`/articles/${MARK}`, {}],
    [`/search?q=${MARK}`, {}],
    [`/register/thanks?t=${MARK}`, {}],
    [`/${MARK}/%ff`, {}],
    ['/register', { method: 'POST', body: `name=${MARK}`, headers: { 'next-action': MARK } }],
    ['/register', { method: 'POST', body: MARK, headers: { 'content-type': 'multipart/form-data; boundary=x' } }],
    ['/register/receive', { method: 'POST', body: new URLSearchParams({ ...person, phone: MARK }) }],
    ['/register', { method: 'PUT', body: MARK }],
  ];
  for (const [address, init] of ways) {
    await fetch(`${site.url}${address}`, { ...init, headers: { ...headers, ...init.headers } }).then((one) =>
      one.text(),
    );
  }
}

test('書かれたものは、受け付けても断っても落ちても、記録、数値、一時ファイルに残らず、消せばデータからも消える', {
  timeout: 180_000,
}, async () => {
  const temporary = await mkdtemp(path.join(tmpdir(), 'traces-'));
  onTestFinished(() => rm(temporary, { recursive: true, force: true }));
  const began = Date.now();
  const metricsPort = await freePort();
  const settings = { TMPDIR: temporary, TRUST_PROXY: '1', METRICS_PORT: String(metricsPort) };
  const site = await runSite({ ...settings, SMTP_URL: await talkativeServer() });
  onTestFinished(() => site.remove('SIGKILL'));
  const shown = async () =>
    (await Promise.all([`${site.url}/readyz`, `http://127.0.0.1:${metricsPort}/metrics`].map((url) => fetch(url))))
      .map((answer) => answer.text())
      .reduce(async (all, one) => `${await all}${await one}`, Promise.resolve(''));

  const form = await readForm(`${site.url}/register?utm_source=${MARK}`);
  const { status: answered, location = '' } = await postOnce(form, person, undefined, headers);
  expect(answered).toBe(303);
  await answerFurther(new URL(location, site.url).href);
  expect(await post(form, { phone: `${PHONE.typed}999999` })).toBe(422);
  await stray(site);
  await expect.poll(site.output, { timeout: 20_000 }).toMatch(/"event":"mail\.refused"[^\n]*550/);
  await expect.poll(site.output, { timeout: 20_000 }).toMatch(/"event":"mail\.failed"[^\n]*spam/);

  const database = path.join(site.dataDir, 'leads.sqlite');
  const holder = new DatabaseSync(database, { timeout: 5000 });
  holder.exec('BEGIN EXCLUSIVE');
  expect(await post(form)).toBe(503);
  holder.exec('ROLLBACK');
  holder.close();

  const agent = new Agent({ keepAlive: true });
  const underWay = Array.from({ length: 20 }, () => post(form, {}, agent).catch(() => 'cut'));
  await Promise.race(underWay);
  await site.stop('SIGKILL');
  await Promise.all(underWay);
  // Whoever erases waits for mails under way, here for those of the dead process.
  endLeases(site);
  await site.start();

  let status = 0;
  for (let count = 0; count < 300 && status !== 429; count += 1) status = await post(form, {}, agent);
  expect(status).toBe(429);
  agent.destroy();

  // The grep finds what is there: the person is kept, and nowhere else.
  expect(await traced(await filesIn(site.dataDir))).not.toEqual([]);
  expect(tracesIn(await shown())).toEqual([]);
  expect(await leads(site.dataDir, 'erase', EMAIL)).toBe(0);
  expect(await traced(await filesIn(site.dataDir))).toEqual([]);
  expect(tracesIn(await shown())).toEqual([]);

  // The same without a mail server: mails lie in a folder.
  await site.stop();
  await site.start({ SMTP_URL: '' });
  expect(await post(form)).toBe(303);
  await expect.poll(async () => (await filesIn(path.join(site.dataDir, 'mail'))).length, { timeout: 20_000 }).toBe(2);
  expect(await leads(site.dataDir, 'backup', path.join(site.dataDir, 'backup.sqlite'))).toBe(0);
  for (const file of await filesIn(site.dataDir)) {
    expect([file, ((await stat(file)).mode & 0o777).toString(8)]).toEqual([file, '600']);
    expect([file, ((await stat(path.dirname(file))).mode & 0o777).toString(8)]).toEqual([file, '700']);
  }
  await rm(path.join(site.dataDir, 'backup.sqlite'));
  expect(await traced(await filesIn(path.join(site.dataDir, 'mail')))).toHaveLength(2);
  expect(await leads(site.dataDir, 'erase', EMAIL)).toBe(0);
  expect(await traced(await filesIn(site.dataDir))).toEqual([]);
  await site.stop();

  expect(await traced(await filesIn(site.dataDir))).toEqual([]);
  expect(await traced(await filesIn(temporary))).toEqual([]);
  const written = [PROJECT, path.join(PROJECT, 'node_modules/.cache')].map((folder) => filesIn(folder, began));
  expect(await traced((await Promise.all(written)).flat())).toEqual([]);
  const lines = site.output();
  for (const event of ['lead.accepted', 'lead.unstored', 'lead.limited', 'mail.refused', 'mail.sent', 'library.said']) {
    expect(lines).toContain(`"event":"${event}"`);
  }
  expect(lines.split('\n').filter((line) => tracesIn(line).length > 0)).toEqual([]);
});
