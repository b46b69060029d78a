import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base, expect } from 'playwright/test';
import { findNginx, type Nginx, runShippedNginx } from '../support/nginx.ts';
import { freePort, type RunningSite, runSite } from '../support/running-site.ts';

// The configuration that the documentation offers, in front of the real site.

type Proxied = { nginx: Nginx; site: RunningSite; contentDir: string };

const test = base.extend<object, { proxied: Proxied }>({
  proxied: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from this pattern.
    async ({}, use) => {
      const contentDir = path.join(mkdtempSync(path.join(tmpdir(), 'proxied-')), 'content');
      cpSync(path.resolve(import.meta.dirname, '../../content'), contentDir, { recursive: true });
      const port = await freePort();
      const site = await runSite({
        SITE_URL: `http://localhost:${port}`,
        TRUST_PROXY: '1',
        CONTENT_DIR: contentDir,
      });
      const nginx = await runShippedNginx(port, [Number(new URL(site.url).port)]);
      await use({ nginx, site, contentDir });
      await nginx.stop();
      await site.remove();
      rmSync(path.dirname(contentDir), { recursive: true });
    },
    { scope: 'worker' },
  ],
});

test.skip(() => findNginx() === undefined, 'nginxが見つかりません（例: apt-get install nginx）');

const ARTICLE = '/articles/pmo-yametoke';

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: Buffer };

/** A request with exactly these headers: fetch would add its own and unpack the answer. */
function ask(url: string, headers: Record<string, string> = {}, form?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: form === undefined ? 'GET' : 'POST', headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on('error', reject);
    sent.end(form);
  });
}

for (const [accepted, encoding] of [
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip, br;q=0', 'gzip'],
  ['br;q=0.0,gzip;q=0', undefined],
  ['identity', undefined],
] as const) {
  test(`nginxの奥でも「${accepted}」に合った形で届き、二度目は304になる`, async ({ proxied: { nginx, site } }) => {
    const headers = { 'accept-encoding': accepted };
    await expect.poll(async () => String((await ask(site.url + ARTICLE, headers)).headers.etag)).not.toContain('hasty');
    const direct = await ask(site.url + ARTICLE, headers);
    for (const round of ['サイトから', '預かったものから']) {
      const answer = await ask(nginx.url + ARTICLE, headers);
      expect(answer.status, round).toBe(200);
      expect(answer.headers['content-encoding'], round).toBe(encoding);
      expect(answer.headers.etag, round).toBe(direct.headers.etag);
      expect(answer.headers.etag, round).toMatch(/^"/);
      expect(answer.headers['content-security-policy'], round).toBe(direct.headers['content-security-policy']);
      expect(answer.headers['cache-control'], round).toBe('public, max-age=0, must-revalidate');
      expect(answer.body.equals(direct.body), round).toBe(true);
    }
    const again = await ask(nginx.url + ARTICLE, { ...headers, 'if-none-match': String(direct.headers.etag) });
    expect(again.status).toBe(304);
    expect(again.body.length).toBe(0);
  });
}

test('記事を直すと、読まれ続けていても1秒ほどで新しいページになる', async ({
  proxied: { nginx, site, contentDir },
}) => {
  const file = path.join(contentDir, 'articles', 'weekly-report.mdx');
  const url = `${nginx.url}/articles/weekly-report`;
  const html = async (): Promise<string> => (await ask(url)).body.toString();
  expect(await html()).not.toContain('nginxの奥で直した');
  writeFileSync(`${file}.tmp`, readFileSync(file, 'utf8').replace(/^## /m, 'nginxの奥で直した文です。\n\n## '));
  renameSync(`${file}.tmp`, file);
  const direct = async (): Promise<string> => (await ask(`${site.url}/articles/weekly-report`)).body.toString();
  await expect.poll(async () => (await html()) && direct(), { intervals: [20] }).toContain('nginxの奥で直した');
  // What nginx took before is good until this second is over, however often it is read.
  const over = (Math.floor(Date.now() / 1000) + 1) * 1000 + 100;
  while (Date.now() < over) await html();
  expect(await html()).toContain('nginxの奥で直した');
});

test('登録フォームは預からず、開くたびに新しい受付の印が付く', async ({ proxied: { nginx } }) => {
  const id = async (): Promise<string | undefined> =>
    /name="submission_id" value="([^"]+)"/.exec((await ask(`${nginx.url}/register`)).body.toString())?.[1];
  const [first, second] = [await id(), await id()];
  expect(first).toBeTruthy();
  expect(second).toBeTruthy();
  expect(second).not.toBe(first);
});

test('訪問者がどのサイトから送ったと名乗っても、nginxが見たものだけが信じられる', async ({ proxied: { nginx } }) => {
  const html = (await ask(`${nginx.url}/register`)).body.toString();
  const id = /name="submission_id" value="([^"]+)"/.exec(html)?.[1] ?? '';
  const form = new URLSearchParams({
    submission_id: id,
    name: '山田 太郎',
    email: 'taro@example.jp',
    phone: '09012345678',
    start: 'month',
  }).toString();
  const typed = { 'content-type': 'application/x-www-form-urlencoded' };
  const forged = { ...typed, origin: 'http://evil.example', 'x-forwarded-host': 'evil.example' };
  const refused = await ask(`${nginx.url}/register/receive`, forged, form);
  expect(refused.status).toBe(403);
  const accepted = await ask(`${nginx.url}/register/receive`, { ...typed, origin: nginx.url }, form);
  expect(accepted.status).toBe(303);
  expect(accepted.headers.location).toMatch(/^(?:http:\/\/localhost:\d+)?\/register\/thanks/);
});

test('大きすぎる送信も、日本語で断る', async ({ proxied: { nginx } }) => {
  const typed = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await ask(`${nginx.url}/register/receive`, typed, `name=${'山'.repeat(700_000)}`);
  expect(answer.status).toBe(413);
  expect(answer.body.toString()).toContain('大きすぎます');
});

test('サイトが止まっている間も、読まれていた記事は読め、ほかは日本語で案内する', async ({
  proxied: { nginx, site },
}) => {
  const before = await ask(nginx.url + ARTICLE);
  await site.stop();
  const stale = await ask(nginx.url + ARTICLE);
  expect(stale.status).toBe(200);
  expect(stale.body.equals(before.body)).toBe(true);
  for (const address of ['/articles/pmo-types', '/register']) {
    const answer = await ask(nginx.url + address);
    expect(answer.status).toBe(503);
    expect(answer.body.toString()).toContain('ただいま準備中です');
  }
  await site.start();
});
