import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'playwright/test';
import { postOnce, type ReadForm, readForm } from '../support/form-post.ts';
import type { RunningSite } from '../support/running-site.ts';
import { test } from './site.ts';

// Posts that no visitor's browser makes: refused in Japanese where the way of the request allows it, nothing stored, the
// process lives. What a person could have sent all the same (a field too many, an older page) becomes a lead.

type Answer = { status: number; body: string };

/** Posts bytes as they are to `target`. The answer may come, and the connection end, before the body is through. */
function postRaw(
  site: RunningSite,
  type: string,
  body: Buffer | string,
  target = '/register',
  headers: Record<string, string> = {},
): Promise<Answer> {
  const { hostname, port, origin } = new URL(site.url);
  return new Promise((resolve, reject) => {
    let answered = false;
    const sent = request(
      {
        hostname,
        port,
        path: target,
        method: 'POST',
        headers: { 'content-type': type, origin, 'sec-fetch-site': 'same-origin', ...headers },
      },
      (answer) => {
        answered = true;
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        const done = () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
        answer.on('end', done).on('error', done);
      },
    );
    sent.on('error', (error) => {
      if (!answered) reject(error);
    });
    sent.end(body);
  });
}

function storedLeads(site: RunningSite): number {
  const database = new DatabaseSync(path.join(site.dataDir, 'leads.sqlite'), { readOnly: true });
  const row = database.prepare('SELECT count(*) AS leads FROM leads').get();
  database.close();
  return Number(row?.leads);
}

/** A multipart body whose parts are given as they stand on the wire. */
function multipart(...parts: (string | Buffer)[]): { type: string; body: Buffer } {
  const boundary = '----hostile';
  const chunks = parts.flatMap((part) => [Buffer.from(`--${boundary}\r\n`), Buffer.from(part), Buffer.from('\r\n')]);
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

const field = (name: string, value: string): string => `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`;
const answers = (changed: Record<string, string> = {}): string[] =>
  Object.entries({
    name: '山田 太郎',
    email: 'yamada@example.jp',
    phone: '090-1234-5678',
    start: 'now',
    ...changed,
  }).map(([name, value]) => field(name, value));

test.describe('保存されない送信', () => {
  const cases: [
    name: string,
    statuses: number[],
    make: () => { type: string; body: Buffer | string; headers?: Record<string, string> },
  ][] = [
    ['何もない', [422], () => multipart(field('start', ''))],
    ['名前が81文字', [422], () => multipart(...answers({ name: '山'.repeat(81) }))],
    ['選択肢にない時期', [422], () => multipart(...answers({ start: '__proto__' }))],
    [
      '__proto__ と constructor だけ',
      [422],
      () => multipart(field('__proto__', 'x'), field('constructor', 'y'), field('toString', 'z')),
    ],
    [
      '項目がファイル',
      [422],
      () =>
        multipart(
          `Content-Disposition: form-data; name="name"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n山田`,
          ...answers().slice(1),
        ),
    ],
    ['64KBを超える', [413], () => multipart(...answers({ name: 'x'.repeat(70_000) }))],
    ['1万の項目', [413], () => multipart(...Array.from({ length: 10_000 }, (_, index) => field(`f${index}`, '')))],
    [
      '1万の短い項目',
      [422],
      () => ({ type: 'application/x-www-form-urlencoded', body: '&name=x'.repeat(9_000) + '&='.repeat(500) }),
    ],
    [
      '入れ子のmultipart',
      [422],
      () =>
        multipart(
          'Content-Type: multipart/mixed; boundary=inner\r\nContent-Disposition: form-data; name="name"\r\n\r\n--inner\r\n\r\n山田\r\n--inner--',
          field('phone', '03'),
        ),
    ],
    [
      '終わりのないmultipart',
      [400],
      () => ({
        type: 'multipart/form-data; boundary=x',
        body: '--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n山',
      }),
    ],
    ['区切りのないmultipart', [400], () => ({ type: 'multipart/form-data', body: 'x' })],
    ['でたらめなバイト列', [400], () => ({ type: 'multipart/form-data; boundary=x', body: randomBytes(5000) })],
    ['JSON', [415], () => ({ type: 'application/json', body: '{"name":"山田"}' })],
    ['形式の名乗りがない', [415], () => ({ type: '', body: 'name=a' })],
    ['ただの文', [400, 422], () => ({ type: 'text/plain', body: 'name=山田' })],
    [
      '推測した操作の番号',
      [400, 404, 422],
      () => multipart(field('$ACTION_ID_00aabbccddeeff00112233445566778899aabbccdd', ''), field('name', '')),
    ],
    [
      '壊れた操作の項目',
      [400, 422],
      () =>
        multipart(
          field('$ACTION_REF_1', ''),
          field('$ACTION_1:0', '{"id":{"$a":1},"bound":"$@9"}'),
          field('$ACTION_KEY', 'k'),
        ),
    ],
    [
      'ほかのサイトから',
      [403],
      () => ({
        ...multipart(...answers()),
        headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      }),
    ],
  ];
  for (const [name, statuses, make] of cases) {
    test(name, async ({ site }) => {
      const before = storedLeads(site);
      const { type, body, headers } = make();
      const answer = await postRaw(site, type, body, '/register', headers);
      expect(statuses).toContain(answer.status);
      expect(answer.body).toContain('<html lang="ja">');
      expect(answer.body).not.toMatch(/\bat .+\.(?:js|ts):\d+|node_modules|Internal Server Error/);
      expect(storedLeads(site)).toBe(before);
      expect((await fetch(`${site.url}/healthz`)).status).toBe(200);
    });
  }

  test('script用の呼び出しにでたらめを送っても、保存されず、動き続ける', async ({ site }) => {
    const before = storedLeads(site);
    for (const action of [
      'x',
      '00aabbccddeeff00112233445566778899aabbccdd',
      '../../etc',
      '__proto__',
      'a'.repeat(4000),
    ]) {
      for (const body of ['[]', '["$undefined"]', '{"__proto__":1}', '[{"a":"$F1"}]', '\0']) {
        const answer = await postRaw(site, 'text/plain;charset=UTF-8', body, '/register', { 'next-action': action });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).not.toBe(500);
      }
    }
    expect(storedLeads(site)).toBe(before);
  });
});

test('Next.jsの画像の加工は、どの設定でも閉じている', async ({ site, startSite }) => {
  const stock = await startSite({ READER_PAGES: 'stock' });
  for (const { url } of [site, stock]) {
    for (const query of ['url=%2Fopengraph.png&w=64&q=75', 'url=http%3A%2F%2F169.254.169.254%2F&w=64&q=75', '']) {
      const answer = await fetch(`${url}/_next/image?${query}`);
      expect(answer.status).toBe(404);
      expect(await answer.text()).toContain('<html lang="ja"');
    }
  }
});

test.describe('人が送ったかもしれない送信は登録になる', () => {
  const registered = async (site: RunningSite, make: (form: ReadForm) => Promise<{ status: number }>) => {
    const before = storedLeads(site);
    const { status } = await make(await readForm(`${site.url}/register`));
    const after = storedLeads(site);
    expect([status, after - before]).toEqual([303, 1]);
  };

  test('知らない項目が混ざっている', ({ site }) =>
    registered(site, (form) => postOnce(form, { extra: 'x', __proto__x: 'y', from: '../../etc', cta: '<script>' })));

  test('受付の印がない、または形が違う', async ({ site }) => {
    await registered(site, (form) => postOnce(form, { submission_id: undefined }));
    await registered(site, (form) => postOnce(form, { submission_id: 'short' }));
  });

  test('同じ項目が2つある', ({ site }) =>
    registered(site, () => {
      const { type, body } = multipart(...answers({ email: 'twice@example.jp' }), field('name', '別の名前'));
      return postRaw(site, type, body);
    }));

  test('昔ながらのurlencodedで送られた', ({ site }) =>
    registered(site, () => {
      const body = new URLSearchParams({ name: '山田', email: 'old@example.jp', phone: '03-1234-5678', start: 'now' });
      return postRaw(site, 'application/x-www-form-urlencoded', body.toString());
    }));
});
