import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { readTarget, rewriteForwarded } from '#lib/guard.ts';

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
});
