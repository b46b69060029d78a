import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, type Page } from 'playwright/test';
import { toBrotli } from '#lib/reader/encode.ts';
import { childrenOf, parseXml, textOf } from '../support/xml.ts';
import { violationsIn } from './axe.ts';
import { readerPages } from './reader-pages.ts';
import { test } from './site.ts';

// What holds for every address that a reader can come to, looked at once each: no script, few bytes, nothing that axe
// objects to on a phone. Other widths and colours are looked at by kind of page (reader-look, quiz and search).

const PROJECT = path.resolve(import.meta.dirname, '../..');
/** HTML with its styles, brotli: what a first flight of TCP packets carries. */
const MOST_BYTES = 14_000;

/** Pages that no link without parameters leads to. */
const ASIDE: readonly [address: string, status: number][] = [
  ['/search?q=議事録', 200],
  ['/search?q=PMO', 200],
  ['/search?q=PMO&page=2', 200],
  ['/search?q=プロジェクトマネージャー給与', 200],
  ['/quiz/control?a=222411', 200],
  ['/quiz/result?q1=1', 422],
  ['/no-such-page', 404],
];

test.use({ viewport: { width: 390, height: 844 } });

/** Looks at the page at `address`; the test goes on, so that it names all that is wrong. @returns its bytes. */
async function look(page: Page, address: string, status: number): Promise<number> {
  const answer = await page.goto(address);
  if (!answer) throw new Error(`${address} is the page that is open already`);
  const html = await answer.text();
  const packed = toBrotli(Buffer.from(html), 'small');
  expect.soft(answer.status(), address).toBe(status);
  const scripts = html.match(/<script\b[^>]*>/g) ?? [];
  expect
    .soft(
      scripts.filter((tag) => !/ type="(?:application\/ld\+json|speculationrules)"/.test(tag)),
      address,
    )
    .toEqual([]);
  expect
    .soft(html.match(/<link\b[^>]*\b(?:rel="stylesheet"|as="script"|rel="modulepreload")[^>]*>/g), address)
    .toBeNull();
  const headers = answer.headers();
  expect.soft(headers['content-security-policy'], address).toContain("script-src 'none'");
  expect.soft(headers['x-content-type-options'], address).toBe('nosniff');
  expect.soft(headers['cache-control'], address).toBe('public, max-age=0, must-revalidate');
  if (status === 200) expect.soft(headers.etag, address).toMatch(/^"[\w-]+"$/);
  expect.soft(await violationsIn(page), address).toEqual([]);
  const { length } = await packed;
  expect.soft(length, `${address} のバイト数`).toBeLessThanOrEqual(MOST_BYTES);
  return length;
}

async function lookAtAll(page: Page, addresses: Iterable<readonly [address: string, status: number]>): Promise<void> {
  const loaded: string[] = [];
  page.on('request', (request) => request.resourceType() === 'script' && loaded.push(request.url()));
  const bytes: [address: string, bytes: number][] = [];
  for (const [address, status] of addresses) bytes.push([address, await look(page, address, status)]);
  expect(loaded).toEqual([]);
  const heaviest = bytes.sort(([, a], [, b]) => b - a).slice(0, 3);
  console.log(
    `${bytes.length}ページ。重い順に ${heaviest.map(([address, size]) => `${address} ${size}`).join('、')}バイト`,
  );
}

test('どの住所も、スクリプトを1バイトも送らず、14,000バイトまでで、axeの違反がない', async ({ page, site }) => {
  const sitemap = parseXml(await (await fetch(`${site.url}/sitemap.xml`)).text());
  const listed = childrenOf(sitemap, 'url').map((entry) => new URL(textOf(entry, 'loc')).pathname);
  const addresses = new Map([...listed, ...(await readerPages(site.url))].map((address) => [address, 200]));
  expect(addresses.size).toBeGreaterThan(40);
  await lookAtAll(page, [...addresses, ...ASIDE]);
  const { pages: condition } = await (await fetch(`${site.url}/readyz`)).json();
  expect(condition).toMatchObject({ unfinishedPages: [], stalePages: [] });
});

test('公開を終えた記事の住所と、番号のついた一覧も同じ', async ({ page, startSite }) => {
  const content = await mkdtemp(path.join(tmpdir(), 'content-'));
  await cp(path.join(PROJECT, 'content'), content, { recursive: true });
  const article = (title: string, extra = '') =>
    `---\ntitle: ${title}\ndescription: ${'記事の内容を短くまとめた文です。'.repeat(6)}\npublishedAt: 2026-11-01\nauthor: editorial-team\ncategory: work\ntags: [PMO]\ndisclosure: none\n${extra}---\n\n書き出しの段落です。\n\n<Cta />\n`;
  await writeFile(path.join(content, 'articles/ended.mdx'), article('終えた記事', 'expiresAt: 2026-11-02\n'));
  // Two full pages of the longest list.
  for (let number = 1; number <= 12; number++) {
    await writeFile(path.join(content, `articles/more-${number}.mdx`), article(`${number}本目の記事`));
  }
  const { url } = await startSite({ CONTENT_DIR: content });
  await lookAtAll(page, [
    [`${url}/articles/ended`, 410],
    [`${url}/articles`, 200],
    [`${url}/articles?page=1`, 200],
  ]);
  await rm(content, { recursive: true });
});
