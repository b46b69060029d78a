import { expect, test } from 'vitest';
import { MAX_BODY_BYTES, readBody } from '#lib/guard.ts';
import { refuse } from '#lib/refusal.ts';
import { sendRaw } from '../support/raw-http.ts';
import { openFrontDoor, SITE } from './front-door.ts';

// The door alone, over real sockets: what it says to those who speak no proper HTTP. How long it waits for the slow is
// shown by tests/faults/timed.test.ts.

/** A door behind which bodies are read and counted, and `/throws` throws. */
async function door(): Promise<(bytes: string | Buffer) => ReturnType<typeof sendRaw>> {
  const port = await openFrontDoor(async (request, response) => {
    if (request.url === '/throws') throw new Error('山田太郎 taro@example.jp');
    const body = await readBody(request);
    if (body.status === 'refused') return refuse(response, body.code, SITE);
    response.setHeader('connection', 'close');
    response.end(`${body.bytes.length} bytes`);
  });
  return (bytes) => sendRaw(port, Buffer.from(bytes));
}

const POST = 'POST / HTTP/1.1\r\nHost: localhost\r\n';

test('64KBちょうどまで読み、1バイトでも超えたら、送り終わるのを待たずに413と答える', async () => {
  const send = await door();
  const whole = (length: number) => send(`${POST}Content-Length: ${length}\r\n\r\n${'x'.repeat(length)}`);
  expect(await whole(MAX_BODY_BYTES)).toMatchObject({ status: 200, body: `${MAX_BODY_BYTES} bytes` });
  expect(await whole(MAX_BODY_BYTES + 1)).toMatchObject({ status: 413 });
  const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
  const endless = await send(`${POST}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(60)}`);
  expect(endless).toMatchObject({ status: 413, body: expect.stringContaining('送信された内容が大きすぎます') });
});

test('100MBを送りつけられても、答えは届き、2秒ほどで切る', async () => {
  const send = await door();
  const head = Buffer.from(`${POST}Content-Length: ${100 * 2 ** 20}\r\n\r\n`);
  const answer = await send(Buffer.concat([head, Buffer.alloc(900 * 2 ** 10)]));
  expect(answer).toMatchObject({ status: 413, body: expect.stringContaining('<html lang="ja">') });
  // Closed at once, the answer would be lost on its way to many clients; never closed, it would be a way to hold on.
  expect(answer.milliseconds).toBeGreaterThan(1000);
  expect(answer.milliseconds).toBeLessThan(10_000);
});

test.each([
  ['HTTPでない', '\x16\x03\x01\x02\x00\x01', 400],
  ['知らない操作', 'BREW / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['長すぎる見出し', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`, 400],
  ['2つの長さ', `${POST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 400],
  ['長さと区切りの両方', `${POST}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['別の場所への中継', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n', 400],
  ['できない期待', `${POST}Expect: coffee\r\nContent-Length: 0\r\n\r\n`, 417],
])('%sものは、日本語で断って切る', async (_, bytes, status) => {
  const send = await door();
  expect(await send(bytes)).toMatchObject({ status, body: expect.stringContaining('<html lang="ja">') });
});

test('ホスト名のない要求は、このサイトあてと読む', async () => {
  const send = await door();
  expect(await send('GET / HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatchObject({ status: 200 });
});

test('中で失敗しても、何があったかは見せず、次の要求に答える', async () => {
  const send = await door();
  const answer = await send('GET /throws HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(answer).toMatchObject({ status: 500, body: expect.stringContaining('ページを表示できませんでした') });
  expect(JSON.stringify(answer)).not.toMatch(/山田|taro/);
  expect(await send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toMatchObject({ status: 200 });
});
