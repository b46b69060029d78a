import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { postOnce, readForm } from '../support/form-post.ts';
import { freePort, type RunningSite, runSite } from '../support/running-site.ts';
import { mailServer, reply } from '../unit/leads/mail-server.ts';

// What the operator is told, by the page, the command, the numbers and the mail, must be true and the same.

const PROJECT = path.resolve(import.meta.dirname, '../..');
const OPERATOR = 'operator@agency.example.jp';
const GONE = 'gone@example.jp';

const condition = z.object({
  ready: z.boolean(),
  leads: z.object({
    pending: z.number(),
    dead: z.number(),
    quarantined: z.number(),
    oldestUnsentAt: z.string().optional(),
    oldestUnsentSeconds: z.number(),
  }),
  delivery: z.object({ failingSince: z.string().optional() }),
});

/** The site's clock, hours ahead of ours. */
const shifted = (hours: number) => ({
  SHIFT_HOURS: String(hours),
  NODE_OPTIONS: `--import=${path.resolve(import.meta.dirname, 'shift-clock.ts')}`,
});

async function told(site: RunningSite, metricsPort: number) {
  const [ready, metrics] = await Promise.all([
    fetch(`${site.url}/readyz`).then((answer) => answer.json()),
    fetch(`http://127.0.0.1:${metricsPort}/metrics`).then((answer) => answer.text()),
  ]);
  const environment = { NODE_ENV: 'production', DATA_DIR: site.dataDir } as const;
  const list = spawnSync(process.execPath, ['scripts/leads.ts', 'list'], { cwd: PROJECT, env: environment });
  const number = (name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(metrics)?.[1]);
  return { ...condition.parse(ready), list: String(list.stdout), number };
}

async function register(site: RunningSite, changed: Record<string, string> = {}): Promise<void> {
  expect((await postOnce(await readForm(`${site.url}/register`), changed)).status).toBe(303);
}

test('送れないメール、あきらめたメール、保留を、どこで見ても同じに言い、直れば1通だけ知らせ、期限の過ぎた人は自分で消す', {
  timeout: 180_000,
}, async () => {
  const down = await mailServer();
  await down.close();
  const metricsPort = await freePort();
  const site = await runSite({ SMTP_URL: down.url, OPERATOR_MAIL_TO: OPERATOR, METRICS_PORT: String(metricsPort) });
  onTestFinished(() => site.remove('SIGKILL'));
  await register(site);
  await register(site, { email: GONE });
  await register(site, { name: '安い広告 https://advert.example' });
  await expect.poll(site.output, { timeout: 20_000 }).toContain('"event":"mail.failing"');

  const failing = await told(site, metricsPort);
  expect(failing).toMatchObject({ ready: true, leads: { pending: 4, dead: 0, quarantined: 1 } });
  expect(failing.list).toMatch(
    /^未送信のメール: 4通（最も古いもの: 20.+、\d分前）\n送れなかったメール: 0通\n保留の登録: 1件/m,
  );
  expect(failing.number('site_mails_pending')).toBe(4);
  expect(failing.number('site_leads_quarantined')).toBe(1);
  expect(Date.parse(failing.delivery.failingSince ?? '')).toBeGreaterThan(Date.now() - 60_000);
  await site.stop();

  const server = await mailServer({
    port: down.port,
    options: { onRcptTo: ({ address }, _session, done) => done(address === GONE ? reply(550, 'no such user') : null) },
  });
  await site.start(shifted(1.5));
  await expect.poll(site.output, { timeout: 30_000 }).toContain('"event":"operator.told"');
  await expect.poll(async () => (await told(site, metricsPort)).leads.pending, { timeout: 30_000 }).toBe(0);
  const notices = () => server.received.filter(({ recipients }) => recipients.includes(OPERATOR));
  expect(notices().map(({ mail }) => mail.subject)).toEqual([
    expect.stringMatching(/^【要確認】メールを1時間3[01]分のあいだ送れませんでした/),
  ]);
  const mended = await told(site, metricsPort);
  expect(mended.leads).toMatchObject({ pending: 0, dead: 1, quarantined: 1, oldestUnsentSeconds: 0 });
  expect(mended.delivery.failingSince).toBeUndefined();
  expect(mended.list).toContain('送れなかったメール: 1通（resend でもう一度送れます）');
  expect(mended.number('site_mails_dead')).toBe(1);
  expect(mended.number('site_mail_failing_seconds')).toBe(0);

  // 25か月たった日に始まる。
  await site.stop();
  await site.start(shifted(25 * 31 * 24));
  await expect.poll(site.output, { timeout: 20_000 }).toMatch(/"event":"leads\.purged","leads":3/);
  const purged = await told(site, metricsPort);
  expect(purged.leads).toMatchObject({ pending: 0, dead: 0, quarantined: 0 });
  expect(purged.list).not.toMatch(/山田|090/);
  expect(notices()).toHaveLength(1);
});
