import type { Dice } from '../faults/dice.ts';

// Addresses and headers that no reader's browser sends, one more at each throw.

const PLACES = [
  '/',
  '/articles',
  '/articles/pmo-yametoke',
  '/register',
  '/register/thanks',
  '/register/receive',
  '/search',
  '/tags',
  '/quiz',
  '/quiz/result',
  '/feed.xml',
  '/share.png',
  '/_next/static',
  '/healthz',
  '/readyz',
] as const;
const TWISTS = [
  '%ff',
  '%',
  '%00',
  '%c0%ae',
  '%e3%81',
  '..%2f',
  '%2e%2e/',
  '/../',
  '/./',
  '//',
  '\\',
  '%5c',
  ';',
  '%0d%0aset-cookie:%20x=1',
  '~',
  '%25%32%66',
  '\u3042',
  '\x7f',
  '*',
  '__proto__',
  '[id]',
  '(.)',
  '$1',
  '.rsc',
  '.json',
  '.txt',
  '.php',
  '.env',
  '.git/config',
  '%F0%9F',
  '?',
  '#',
] as const;
const WHOLE = [
  '//evil.example/',
  'http://evil.example/',
  '/_next/image?url=%2Fx.png&w=64&q=75',
  '/_next/image?url=http%3A%2F%2F169.254.169.254%2F&w=64&q=75',
  '/_next/data/x/register.json',
  '/_next/webpack-hmr',
  '/__nextjs_original-stack-frames',
  '/_next/static/../../server.ts',
  '/_next/static/%2e%2e/%2e%2e/package.json',
  '/register/thanks?r=',
  '/register/thanks?r=%00%ff',
  '/register?from[]=1&from[a]=2&cta=__proto__&utm_source=%ff&utm_x=%0d%0a',
  '/register?_rsc=1&__nextLocale=x&nxtPslug=y',
  '/search?q=%ff%fe&page=-1',
  '/search?q=NEAR%28%22&page=99999999999999999999',
  '/articles?page=1e9',
  '/quiz/result?q1=__proto__&q2=%00',
  '*',
  '',
] as const;
const METHODS = [
  'GET',
  'GET',
  'GET',
  'HEAD',
  'PUT',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'TRACE',
  'PROPFIND',
  'POST',
  'BREW',
] as const;

/** A method and a request target, anything from a twisted address of the site to noise of 8 KB. */
export function hostileTarget(dice: Dice): { method: string; target: string } {
  return { method: dice.pick(METHODS), target: target(dice) };
}

function target(dice: Dice): string {
  const place = dice.pick(PLACES);
  const twists = () => Array.from({ length: dice.between(1, 4) }, () => dice.pick(TWISTS)).join('');
  switch (dice.between(0, 5)) {
    case 0:
      return dice.pick(WHOLE);
    case 1:
      return `${place}/${'a'.repeat(dice.between(200, 9000))}`;
    case 2:
      return `${place}?${noise(dice, dice.between(1, 400))}`;
    case 3:
      return `${place}?${dice.pick(['q', 'page', 'r', 'from', 'a', 'q1'])}=${twists()}`;
    default:
      return `${place}${dice.chance(0.5) ? '/' : ''}${twists()}`;
  }
}

const HEADERS: readonly [string, readonly [string, ...string[]]][] = [
  ['rsc', ['1', 'x']],
  [
    'next-router-state-tree',
    [
      'x',
      '%5B%5D',
      '%7B',
      encodeURIComponent('["",{"children":["__PAGE__",{}]},null,null,true]'),
      '%ff',
      'a'.repeat(9000),
    ],
  ],
  ['next-router-prefetch', ['1', '2', 'x']],
  ['next-router-segment-prefetch', ['/_tree', '/../', 'x']],
  ['next-url', ['/register', '//evil.example', '%ff', 'x']],
  ['next-resume', ['1']],
  ['next-hmr-refresh', ['1']],
  ['x-middleware-subrequest', ['middleware:middleware:middleware', 'src/middleware']],
  ['x-middleware-rewrite', ['//evil.example/']],
  ['x-invoke-path', ['/etc']],
  ['x-invoke-status', ['500']],
  ['x-matched-path', ['/admin']],
  ['x-nextjs-data', ['1']],
  ['x-now-route-matches', ['1=x']],
  ['x-prerender-revalidate', ['x']],
  ['x-forwarded-for', ['203.0.113.7', ', , ,', 'x'.repeat(3000), '::1%']],
  ['x-forwarded-host', ['evil.example', 'a,b', '[', ' ']],
  ['x-forwarded-proto', ['https', 'javascript']],
  ['x-forwarded-port', ['99999', 'x']],
  ['forwarded', ['for=_x;host=evil.example']],
  ['accept-encoding', ['br;q=x, *;q=0', 'gzip, br, zstd, identity;q=0', ',,,', 'a'.repeat(3000)]],
  ['accept', ['application/json', 'text/x-component', '*/*;q=x', '\u00ff']],
  ['accept-language', ['ja', '\u00e9', 'x'.repeat(2000)]],
  ['if-none-match', ['*', '"x", W/"y"', '"'.repeat(2000)]],
  ['if-modified-since', ['yesterday']],
  ['range', ['bytes=0-0', 'bytes=-1,5-2', 'x']],
  ['cookie', ['__prerender_bypass=x; a=b', '=;=;', 'x'.repeat(4000)]],
  ['authorization', ['Basic !!!']],
  ['expect', ['100-continue', 'something-else']],
  ['upgrade', ['websocket', 'h2c']],
  ['connection', ['upgrade', 'close, upgrade', 'keep-alive, host']],
  ['purpose', ['prefetch']],
  ['sec-purpose', ['prefetch;prerender']],
  ['referer', ['javascript:x', 'http://[', 'x'.repeat(3000)]],
  ['user-agent', ['', 'Googlebot', '() { :;}; x']],
];

/** Up to six headers that make Next or a proxy do something else than they should. */
export function hostileHeaders(dice: Dice): string[] {
  return Array.from({ length: dice.between(0, 6) }, () => {
    const [name, values] = HEADERS[dice.between(0, HEADERS.length - 1)] ?? ['x-x', ['x']];
    return `${name}: ${dice.pick([values[0], ...values])}`;
  });
}

/** Text of any characters but those that end a line. */
export function noise(dice: Dice, length: number): string {
  return Array.from({ length }, () =>
    String.fromCharCode(dice.chance(0.8) ? dice.between(33, 126) : dice.between(128, 255)),
  ).join('');
}
