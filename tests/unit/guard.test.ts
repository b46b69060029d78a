import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { isOwnPost, readTarget, rewriteForwarded } from '#lib/guard.ts';

describe('アドレスの読み取り', () => {
  test.each([
    ['/', '/'],
    ['/articles/pmo-yametoke?utm=1', '/articles/pmo-yametoke'],
    ['/articles/%70mo', '/articles/pmo'],
    ['/%E8%A8%98%E4%BA%8B', '/記事'],
  ])('%s は %s', (target, pathname) => {
    expect(readTarget(target)).toMatchObject({ status: 'ok', pathname });
  });

  test.each([
    '/%ff',
    '/%',
    '/a%00b',
    '/a%0d%0aSet-Cookie:x',
    '/..%2f..%2fetc',
    '/a%5cb',
    '*',
    'http://evil.example/',
    `/${'a'.repeat(8192)}`,
  ])('%s は400', (target) => expect(readTarget(target)).toEqual({ status: 'refused', code: 400 }));

  test.each(['//evil.example/', '/a//b', '/../etc/passwd', '/./a', '/%2e%2e/a', '/\\evil.example'])(
    '%s は404',
    (target) => expect(readTarget(target)).toEqual({ status: 'refused', code: 404 }),
  );

  test('末尾の斜線は、サイトの中の同じページへ移す', () => {
    expect(readTarget('/articles/?page=2')).toEqual({ status: 'moved', location: '/articles?page=2' });
  });
});

describe('訪問者のアドレス', () => {
  const request = (headers: Record<string, string>): IncomingMessage => {
    const socket = new Socket();
    Object.defineProperty(socket, 'remoteAddress', { value: '192.0.2.9' });
    return Object.assign(new IncomingMessage(socket), { headers: { host: 'site.example', ...headers } });
  };

  test.each([
    [0, '198.51.100.1', '192.0.2.9'],
    [1, '198.51.100.1', '198.51.100.1'],
    [1, '203.0.113.7, 198.51.100.1', '198.51.100.1'],
    [2, '203.0.113.7, 198.51.100.1, 192.0.2.1', '198.51.100.1'],
    [2, '198.51.100.1', '192.0.2.9'],
    [1, '198.51.100.1:40123', '198.51.100.1'],
    [1, '[2001:db8::1]:443', '2001:db8::1'],
    [1, 'unknown', '192.0.2.9'],
    [1, 'x'.repeat(3000), '192.0.2.9'],
  ])('信じるプロキシが%i台で「%s」と名乗られたら %s', (trustProxy, claimed, expected) => {
    const message = request({ 'x-forwarded-for': claimed, 'x-forwarded-proto': 'https', 'x-real-ip': '1.1.1.1' });
    expect(rewriteForwarded(message, trustProxy, 'http://site.example')).toBe(expected);
    expect(message.headers).toEqual({
      host: 'site.example',
      'x-forwarded-host': 'site.example',
      'x-forwarded-for': expected,
      'x-forwarded-proto': 'http',
    });
  });

  test('信じるプロキシが無ければ、名乗られたホスト名は使わない', () => {
    const message = request({ 'x-forwarded-host': 'evil.example' });
    rewriteForwarded(message, 0, 'http://site.example');
    expect(message.headers.host).toBe('site.example');
  });

  test.each(['evil.example:x', '[', 'a,b', 'site.example@evil.example', '', 'a b'])(
    'ホスト名「%s」は、書かれなかったことにする',
    (host) => {
      const message = request({ host });
      rewriteForwarded(message, 0, 'http://site.example');
      expect([message.headers.host, message.headers['x-forwarded-host']]).toEqual(['site.example', 'site.example']);
    },
  );
});

describe('送信は、このサイトの画面からのものだけ受け取る', () => {
  const SITE = 'https://pmo.example.jp';
  const own: [string, Record<string, string>][] = [
    ['このサイトから', { origin: SITE, host: 'pmo.example.jp' }],
    ['プロキシがホスト名を渡さない', { origin: SITE, host: '127.0.0.1:3000' }],
    ['www.のついたこのサイトから', { origin: 'https://www.pmo.example.jp', host: 'www.pmo.example.jp' }],
    ['試しに開いた手元の番号から', { origin: 'http://192.0.2.8:3000', host: '192.0.2.8:3000' }],
    ['試しに開いたlocalhostから', { origin: 'http://localhost:3000', host: 'localhost:3000' }],
    ['名乗らない古いブラウザー', { host: 'pmo.example.jp' }],
    ['Originを隠すが、同じサイトと言う', { origin: 'null', 'sec-fetch-site': 'same-origin', host: 'pmo.example.jp' }],
  ];
  test.each(own)('受け取る: %s', (_, headers) => expect(isOwnPost(headers, SITE)).toBe(true));

  const foreign: [string, Record<string, string>][] = [
    ['ほかのサイトから', { origin: 'https://evil.example', host: 'pmo.example.jp' }],
    ['ほかのサイトが、ホスト名も名乗った', { origin: 'https://evil.example', host: 'evil.example' }],
    [
      '名前の続きにこのサイトの名前',
      { origin: 'https://pmo.example.jp.evil.example', host: 'pmo.example.jp.evil.example' },
    ],
    ['名前の前がつながっている', { origin: 'https://evilpmo.example.jp', host: 'evilpmo.example.jp' }],
    ['Originを隠した', { origin: 'null', host: 'pmo.example.jp' }],
    ['Originを隠し、ほかのサイトと言う', { origin: 'null', 'sec-fetch-site': 'cross-site', host: 'pmo.example.jp' }],
    ['ほかのサイトと言うだけ', { 'sec-fetch-site': 'cross-site', host: 'pmo.example.jp' }],
    ['アドレスでない', { origin: '%', host: 'pmo.example.jp' }],
    ['空', { origin: '', host: '' }],
    ['ファイル', { origin: 'file://', host: 'pmo.example.jp' }],
  ];
  test.each(foreign)('断る: %s', (_, headers) => expect(isOwnPost(headers, SITE)).toBe(false));
});
