import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type ReadForm, readForm } from '../support/form-post.ts';
import { type HostileBody, hostileAction, hostileForm, hostileMarks } from '../support/hostile-bodies.ts';
import { hostileHeaders, hostileTarget, noise } from '../support/hostile-targets.ts';
import { type RawAnswer, sendRaw } from '../support/raw-http.ts';
import type { RunningSite } from '../support/running-site.ts';
import type { Dice } from './dice.ts';

// Requests that nobody's browser sends, from a seed, and what must hold for each of them: an answer below 500, in
// Japanese where a person could read it, no way off the site, no lead.

const CLIENTS = 16;
const LOST_AFTER_MS = 10_000;

export type Storm = {
  /** How many were answered with each status, `silence` among them. */
  statuses: Record<string, number>;
  /** What must not happen, with the request that did it; at most 20. */
  violations: string[];
  /** Rows in the store that were not there before. */
  rows: number;
  slowestMs: number;
  /** Requests that were answered only after ten seconds: Next had lost them, and the guard gave them up. */
  lost: string[];
  perSecond: number;
};

/** Sends `count` hostile requests, sixteen at a time. */
export async function storm(site: RunningSite, dice: Dice, count: number): Promise<Storm> {
  const form = await readForm(`${site.url}/register`);
  const { port, host } = new URL(site.url);
  const before = storedRows(site.dataDir);
  const statuses: Record<string, number> = {};
  const violations: string[] = [];
  const lost: string[] = [];
  let slowestMs = 0;
  let left = count;
  const started = performance.now();
  async function client(): Promise<void> {
    while (left-- > 0) {
      const request = hostileRequest(dice, form, host);
      const answer = await sendRaw(Number(port), request.bytes, {
        from: `127.0.0.${dice.between(1, 200)}`,
        gone: request.kind === 'broken' || claimsMore(request.bytes),
      });
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      slowestMs = Math.max(slowestMs, answer.milliseconds);
      const shown = () => JSON.stringify(request.bytes.subarray(0, 700).toString('latin1'));
      if (answer.milliseconds > LOST_AFTER_MS) lost.push(shown());
      const wrong = judge(request, answer);
      if (wrong && violations.length < 20) violations.push(`${wrong}: ${shown()}`);
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const perSecond = (count / (performance.now() - started)) * 1000;
  return { statuses, violations, rows: storedRows(site.dataDir) - before, slowestMs, lost, perSecond };
}

/** `kind` says who reads the answer: a person's browser, a script, or nobody. */
type HostileRequest = { kind: 'page' | 'script' | 'broken'; bytes: Buffer };

function hostileRequest(dice: Dice, form: ReadForm, host: string): HostileRequest {
  const throwed = dice.between(0, 19);
  if (throwed < 5) {
    const { method, target } = hostileTarget(dice);
    return { kind: 'page', bytes: compose(dice, `${method} ${target}`, host, hostileHeaders(dice)) };
  }
  if (throwed < 6) return { kind: 'page', bytes: compose(dice, 'GET /register', host, hostileHeaders(dice)) };
  if (throwed < 7) return { kind: 'broken', bytes: brokenRequest(dice, host) };
  const address = dice.chance(0.6)
    ? '/register'
    : dice.pick(['/register/receive', '/register/thanks', '/register?x=1', '/articles', '/']);
  if (throwed < 12) return { kind: 'page', bytes: posted(dice, address, host, hostileForm(dice, form)) };
  if (throwed < 14) return { kind: 'page', bytes: posted(dice, address, host, hostileMarks(dice, form)) };
  return { kind: 'script', bytes: posted(dice, address, host, hostileAction(dice, form)) };
}

function posted(dice: Dice, target: string, host: string, { headers, body }: HostileBody): Buffer {
  const own = `http://${host}`;
  const origin = dice.chance(0.7)
    ? own
    : dice.pick(['null', 'https://evil.example', '', '%', `${own}.evil.example`, 'file://']);
  const site = dice.pick(['same-origin', 'same-origin', 'cross-site', 'none', 'x']);
  const sent = [
    ...headers,
    ...(dice.chance(0.9) ? [`origin: ${origin}`] : []),
    ...(dice.chance(0.5) ? [`sec-fetch-site: ${site}`] : []),
  ];
  return compose(dice, `POST ${target}`, host, [...sent, ...(dice.chance(0.3) ? hostileHeaders(dice) : [])], body);
}

function compose(dice: Dice, line: string, host: string, headers: string[], body: Buffer = Buffer.alloc(0)): Buffer {
  const claimed = dice.chance(0.85)
    ? host
    : dice.pick(['evil.example', 'localhost:1', '[', '', 'a,b', `${host}@evil.example`]);
  const length = dice.chance(0.97) ? body.length : dice.between(0, body.length * 2);
  const head = [
    `${line} HTTP/1.1`,
    `host: ${claimed}`,
    ...headers,
    ...(body.length > 0 || line.startsWith('POST') ? [`content-length: ${length}`] : []),
    'connection: close',
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

/** Bytes that are no HTTP, or HTTP that says two things at once. */
function brokenRequest(dice: Dice, host: string): Buffer {
  const chunked = `POST /register HTTP/1.1\r\nhost: ${host}\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n`;
  const texts = [
    noise(dice, dice.between(1, 2000)),
    `GET / HTTP/9.9\r\n\r\n`,
    `GET / HTTP/1.0\r\n\r\n`,
    `GET /\r\n\r\n`,
    `GET / HTTP/1.1\r\n\r\n`,
    `GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n`,
    `GET / HTTP/1.1\r\nhost: ${host}\r\n${'a: b\r\n'.repeat(3000)}\r\n`,
    `GET / HTTP/1.1\r\nhost: ${host}\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`,
    `GET / HTTP/1.1\r\nhost: ${host}\r\n folded: x\r\n\r\n`,
    `CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example\r\n\r\n`,
    `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`,
    `${chunked}\r\nzz\r\nx\r\n0\r\n\r\n`,
    `${chunked}\r\nffffffffffffffff\r\nx`,
    `${chunked}\r\n5\r\nabc`,
    `${chunked}content-length: 5\r\n\r\n0\r\n\r\nGET /admin HTTP/1.1\r\n\r\n`,
    `POST /register HTTP/1.1\r\nhost: ${host}\r\ncontent-length: -5\r\n\r\n`,
    `POST /register HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef`,
    `POST /register HTTP/1.1\r\nhost: ${host}\r\ncontent-type: text/plain\r\ncontent-length: 500\r\n\r\nabc`,
    `GET / HTTP/1.1\r\nhost: ${host}\r\n\r\nGET /%ff HTTP/1.1\r\nhost: ${host}\r\n\r\n`,
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  ] as const;
  return Buffer.from(dice.pick(texts), 'latin1');
}

/** What is wrong with the answer; undefined where nothing is. */
function judge({ kind, bytes }: HostileRequest, answer: RawAnswer): string | undefined {
  if (answer.status === 'silence') return kind === 'broken' || claimsMore(bytes) ? undefined : 'no answer';
  const { status, headers, body } = answer;
  if (status >= 500) return `status ${status}`;
  const location = headers.get('location') ?? '/';
  if (!/^\/(?![/\\])/.test(location)) return `redirect to ${location}`;
  if (location.startsWith('/register/thanks?r=')) return 'registered';
  if (/\n\s+at .+:\d+:\d+|node_modules/.test(body)) return 'a stack in the answer';
  if (kind === 'script' || status < 400 || body === '' || headers.has('content-encoding')) return undefined;
  if (headers.get('content-type')?.startsWith('application/json')) return undefined;
  return body.includes('<html lang="ja"') ? undefined : `not in Japanese (${status}): ${body.slice(0, 80)}`;
}

/** Whether the request announced a longer body than it brought: nobody waits for the answer to such a one. */
function claimsMore(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  const announced = Number(/content-length: (\d+)/.exec(text)?.[1] ?? 0);
  return bytes.length - text.indexOf('\r\n\r\n') - 4 < announced;
}

function storedRows(dataDir: string): number {
  const database = new DatabaseSync(path.join(dataDir, 'leads.sqlite'), { readOnly: true });
  const row = database.prepare('SELECT count(*) AS leads FROM leads').get();
  database.close();
  return Number(row?.leads);
}
