import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createFrontServer } from '#lib/front-server.ts';
import { openFastPath } from '#lib/reader/fast-path.ts';

// Which requests are answered without Node's HTTP server, and that every other comes to it whole, on real sockets. That
// both ways answer alike is shown on the built site (tests/e2e/reader.spec.ts).

const BODY = Buffer.alloc(200_000, 'x');
const HEAD = `HTTP/1.1 200 OK\r\nx-way: fast\r\ncontent-length: ${BODY.length}\r\n`;
const PLAIN = 'GET /page HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip, br\r\n\r\n';

async function open() {
  const sent: string[] = [];
  const server = createFrontServer(async (request, response) => {
    const way = `${request.method} ${request.url}`;
    sent.push(way);
    response
      .writeHead(200, { 'x-way': 'node', 'content-length': 4 })
      .end(request.method === 'HEAD' ? undefined : 'node');
  }, 'http://localhost');
  const path = openFastPath(server, {
    ready(target) {
      if (target === '/throws') throw new Error('a fault of ours');
      return target === '/page' ? { head: HEAD, body: BODY } : undefined;
    },
    onSent: () => void sent.push('fast'),
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    path.stop();
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, path, sent, port: address.port };
}

/** A connection, and the `x-way` of each answer that came on it so far. */
async function dial(
  port: number,
): Promise<{ socket: Socket; ways(): string[]; until(count: number): Promise<string[]> }> {
  const socket = connect({ port, host: '127.0.0.1' });
  let said = '';
  socket.on('data', (bytes: Buffer) => (said += bytes.toString('latin1').replaceAll('x'.repeat(1000), '')));
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  const ways = () => Array.from(said.matchAll(/x-way: (\w+)/g), ([, way = '']) => way);
  return {
    socket,
    ways,
    async until(count) {
      await expect.poll(() => ways().length, { timeout: 5000 }).toBe(count);
      return ways();
    },
  };
}

test('素直なGETは速い道で、そうでないものはNodeが、同じ接続で続けて答える', async () => {
  const { port, sent } = await open();
  const { socket, until } = await dial(port);
  socket.write(PLAIN);
  expect(await until(1)).toEqual(['fast']);
  socket.write(PLAIN);
  expect(await until(2)).toEqual(['fast', 'fast']);
  socket.write('POST /page HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc');
  expect(await until(3)).toEqual(['fast', 'fast', 'node']);
  socket.write(PLAIN);
  expect(await until(4)).toEqual(['fast', 'fast', 'node', 'node']);
  expect(sent).toEqual(['fast', 'fast', 'POST /page', 'GET /page']);
});

const with_ = (line: string): string => PLAIN.replace('\r\n\r\n', `\r\n${line}\r\n\r\n`);

test.each([
  ['用意のないページ', PLAIN.replace('/page', '/other')],
  ['用意に失敗したページ', PLAIN.replace('/page', '/throws')],
  ['問い合わせのある住所', PLAIN.replace('/page', '/page?a=1')],
  ['HEAD', PLAIN.replace('GET', 'HEAD')],
  ['HTTP/1.0', PLAIN.replace('1.1', '1.0')],
  ['圧縮を求めない', PLAIN.replace('gzip, br', 'identity')],
  ['brを断る', PLAIN.replace('gzip, br', 'br;q=0, gzip')],
  ['圧縮の見出しが2つ', with_('accept-encoding: identity')],
  ['条件つき', with_('If-None-Match: "a"')],
  ['範囲', with_('Range: bytes=0-1')],
  ['接続を閉じる', with_('Connection: close')],
  ['切り替え', with_('Upgrade: h2c')],
  ['本文の長さ', with_('Content-Length: 0')],
])('%s はNodeが答える', async (_, request) => {
  const { port } = await open();
  const { socket, until } = await dial(port);
  socket.write(request);
  expect(await until(1)).toEqual(['node']);
});

test('どこで切れて届いても、続けて届いても、答えは欠けず、増えない', async () => {
  const { server, port } = await open();
  for (const at of [1, 5, PLAIN.indexOf('\r\n'), PLAIN.indexOf('Accept') + 3, PLAIN.length - 2, PLAIN.length - 1]) {
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const { socket, until } = await dial(port);
    const [peer] = await accepted;
    socket.write(PLAIN.slice(0, at));
    await expect.poll(() => peer.bytesRead, { timeout: 5000, interval: 2 }).toBe(at);
    socket.write(PLAIN.slice(at));
    expect(await until(1)).toEqual(['node']);
  }
  const { socket, until } = await dial(port);
  socket.write(PLAIN.repeat(3));
  expect(await until(3)).toEqual(['node', 'node', 'node']);
});

test.each([
  ['行の終わりが\\nだけ', PLAIN.replace('localhost\r\n', 'localhost\n')],
  ['見出しの名前のうしろに空白', with_('X-A : b')],
  ['折り返した見出し', with_('X-A: b\r\n c')],
  ['見出しのNUL', with_('X-A: \u0000')],
])('%s は速い道を通らず、Nodeの決まりで扱われる', async (_, request) => {
  const { port, sent } = await open();
  const { socket } = await dial(port);
  socket.write(request, 'latin1');
  await once(socket, 'data');
  expect(sent).not.toContain('fast');
});

test('読まずに求め続ける相手には、読むまで答えを足さない', async () => {
  const { port, sent } = await open();
  const { socket, until } = await dial(port);
  socket.pause();
  for (let count = 0; count < 100; count += 1) {
    socket.write(PLAIN);
    await new Promise((wake) => setTimeout(wake, 5));
  }
  expect(sent.filter((way) => way === 'fast').length).toBeLessThan(80);
  socket.resume();
  expect(await until(100)).toHaveLength(100);
});

test('何も言わない接続には408、答えたあと黙った接続は閉じる', async () => {
  const { server, port, sent } = await open();
  server.headersTimeout = 100;
  server.keepAliveTimeout = 150;
  server.keepAliveTimeoutBuffer = 50;
  const silent = await dial(port);
  const [said] = (await once(silent.socket, 'data')) as [Buffer];
  expect(said.toString()).toMatch(/^HTTP\/1\.1 408 /);
  silent.socket.write('POST /late HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n');
  const served = await dial(port);
  served.socket.write(PLAIN);
  expect(await served.until(1)).toEqual(['fast']);
  await once(served.socket, 'close');
  expect(sent).toEqual(['fast']);
});

test('読むのに手間取る相手は、Nodeと同じだけ待つ', async () => {
  const { server, port } = await open();
  server.keepAliveTimeout = 50;
  server.keepAliveTimeoutBuffer = 50;
  server.timeout = 5000;
  const { socket, until } = await dial(port);
  socket.pause();
  for (let count = 0; count < 60; count += 1) {
    socket.write(PLAIN);
    await new Promise((wake) => setTimeout(wake, 2));
  }
  await new Promise((wake) => setTimeout(wake, 500));
  socket.resume();
  expect(await until(60)).toHaveLength(60);
});

test('終わるときは、次の求めをNodeに渡し、すんだ接続だけを閉じる', async () => {
  const { path, port } = await open();
  const [asking, resting, fresh] = [await dial(port), await dial(port), await dial(port)];
  for (const { socket } of [asking, resting]) socket.write(PLAIN);
  await Promise.all([asking.until(1), resting.until(1)]);
  path.stop();
  asking.socket.write(PLAIN);
  expect(await asking.until(2)).toEqual(['fast', 'node']);
  path.closeIdle();
  await once(resting.socket, 'close');
  fresh.socket.write(PLAIN);
  expect(await fresh.until(1)).toEqual(['node']);
});
