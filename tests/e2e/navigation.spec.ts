import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, expect } from 'playwright/test';
import sharp from 'sharp';
import { findChromium, launchOptions } from '../support/chromium.ts';
import { LONG_ARTICLES, shiftOf } from './page-shift.ts';
import { test } from './site.ts';

// What a browser does by itself on pages that carry no script: fetch ahead, fade over, keep pages for the way back,
// hold still while pictures arrive. What a test runs in the page comes from the debugger, which no policy stops.

const PROJECT = path.resolve(import.meta.dirname, '../..');
const LIST = '/articles';
const ARTICLE = '/articles/pmo-types';

test('指を近づけたリンクは先に取り寄せられ、開くとその内容が出る。登録フォームは取り寄せない', async ({
  page,
  site,
}) => {
  const debug = await page.context().newCDPSession(page);
  const fetched = new Map<string, string>();
  debug.on('Preload.prefetchStatusUpdated', ({ key, status }) => fetched.set(new URL(key.url).pathname, status));
  await debug.send('Preload.enable');
  await page.goto(site.url + LIST);
  const link = page.locator(`main a[href="${ARTICLE}"]`).first();
  await link.hover();
  await expect.poll(() => fetched.get(ARTICLE)).toBe('Ready');
  await page.getByRole('link', { name: '無料登録' }).first().hover();
  await link.hover();
  await link.click();
  await expect(page).toHaveURL(site.url + ARTICLE);
  const delivery = await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation');
    return navigation && 'deliveryType' in navigation ? navigation.deliveryType : undefined;
  });
  expect(delivery).toBe('navigational-prefetch');
  expect([...fetched.keys()].filter((pathname) => pathname.startsWith('/register'))).toEqual([]);
});

test('ページは移るときに溶け合い、動きを減らす設定の人にはすぐに替わる', async ({ page, site }) => {
  await page.addInitScript(() => {
    addEventListener('pagereveal', (event) => {
      document.documentElement.dataset.faded = String((event as { viewTransition?: unknown }).viewTransition !== null);
    });
  });
  const fadedInto = async () => {
    await page.goto(site.url + LIST);
    await page.locator(`main a[href="${ARTICLE}"]`).first().click();
    await expect(page).toHaveURL(site.url + ARTICLE);
    await expect(page.locator('html')).toHaveAttribute('data-faded', /./);
    return page.locator('html').getAttribute('data-faded');
  };
  expect(await fadedInto()).toBe('true');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await fadedInto()).toBe('false');
});

test('戻ると、前のページがメモリーからそのまま出る', async ({ site }) => {
  // Playwright turns the cache off, since its own handles do not survive in it.
  const browser = await chromium.launch({
    ...launchOptions(findChromium()),
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
  try {
    const page = await browser.newPage();
    const debug = await page.context().newCDPSession(page);
    const refused: string[] = [];
    debug.on('Page.backForwardCacheNotUsed', ({ notRestoredExplanations }) => {
      refused.push(...notRestoredExplanations.map(({ reason }) => reason));
    });
    await debug.send('Page.enable');
    await page.addInitScript(() => {
      addEventListener('pageshow', ({ persisted }) => {
        document.documentElement.dataset.shown = persisted ? 'again' : 'anew';
      });
    });
    await page.goto(site.url + ARTICLE);
    await page.goto(site.url + LIST);
    await page.goBack({ waitUntil: 'commit' });
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset.shown)).toBe('again');
    expect(page.url()).toBe(site.url + ARTICLE);
    expect(refused).toEqual([]);
  } finally {
    await browser.close();
  }
});

test.describe('画像', () => {
  const PICTURES =
    '![会議室で課題を出し合う人たち](room.jpg)\n\n## 章\n\n長い本文です。\n\n![壁に並んだ付箋の写真](wall.png)\n\n<Cta />\n';

  /** The shipped content with one more article, which has photographs above and inside it. */
  async function illustratedContent(): Promise<string> {
    const content = await mkdtemp(path.join(tmpdir(), 'content-'));
    await cp(path.join(PROJECT, 'content'), content, { recursive: true });
    const folder = path.join(content, 'articles/with-pictures');
    await mkdir(folder);
    const head = `title: 写真のある記事\ndescription: ${'記事の内容を短くまとめた文です。'.repeat(6)}\npublishedAt: 2026-11-22\nauthor: editorial-team\ncategory: work\ndisclosure: none\nimage: cover.jpg\nimageAlt: 朝の会議室で話す人たち`;
    await writeFile(path.join(folder, 'index.mdx'), `---\n${head}\n---\n\nはじめの文です。\n\n${PICTURES}`);
    for (const [name, width, height] of [
      ['cover.jpg', 1400, 700],
      ['room.jpg', 1000, 600],
      ['wall.png', 700, 900],
    ] as const) {
      const background = { r: width % 256, g: height % 256, b: 90 };
      await sharp({ create: { width, height, channels: 3, background } }).toFile(path.join(folder, name));
    }
    return content;
  }

  test('写真が届いても文章は動かず、軽い形式と合った大きさだけが、近づいてから届く', async ({ page, startSite }) => {
    const content = await illustratedContent();
    const site = await startSite({ CONTENT_DIR: content });
    const url = `${site.url}/articles/with-pictures`;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(url);
    await page.waitForLoadState('networkidle');
    const pictures = () => asked.filter((pathname) => pathname.startsWith('/images/'));
    expect(
      pictures().every((pathname) => /-480\.avif$/.test(pathname)),
      pictures().join(' '),
    ).toBe(true);
    expect(pictures().length).toBeGreaterThan(0);
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 844 });
      expect(await shiftOf(page, url), `${width}px`).toBe(0);
    }
    // The measure itself: without their dimensions the same pictures push the text down.
    expect(await shiftOf(page, url, (html) => html.replace(/ (?:width|height)="\d+"/g, ''))).toBeGreaterThan(0);
    await rm(content, { recursive: true });
  });

  test('図、表、引用、比較のある記事も、開いてから最後まで読んで動かない', async ({ page, site }) => {
    for (const [index, slug] of LONG_ARTICLES.entries()) {
      await page.setViewportSize({ width: index % 2 === 0 ? 390 : 1280, height: 844 });
      expect(await shiftOf(page, `${site.url}/articles/${slug}`), slug).toBe(0);
    }
  });

  test('写真は中身の名前で、変わらないものとして届き、無い名前は404になる', async ({ startSite }) => {
    const content = await illustratedContent();
    const site = await startSite({ CONTENT_DIR: content });
    const html = await (await fetch(`${site.url}/articles/with-pictures`)).text();
    const files = new Set(html.match(/\/images\/[0-9a-f]{24}-\d+\.\w+/g));
    // Three widths of the cover and of the room, two of the wall, each in two formats.
    expect(files.size).toBe(16);
    for (const file of files) {
      const answer = await fetch(site.url + file);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, `image/${file.split('.')[1]}`]);
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(answer.headers.get('content-encoding')).toBeNull();
      const { format } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
      expect(format).toBe(file.endsWith('.avif') ? 'heif' : 'webp');
      const again = await fetch(site.url + file, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });
      expect(again.status).toBe(304);
    }
    const [some = ''] = files;
    const head = await fetch(site.url + some, { method: 'HEAD' });
    expect([head.status, Number(head.headers.get('content-length')) > 100]).toEqual([200, true]);
    for (const wrong of [some.replace(/-\d+/, '-7'), `${some}.json`, '/images/', '/images/..%2fleads.sqlite']) {
      expect((await fetch(site.url + wrong)).status, wrong).toBeGreaterThanOrEqual(400);
    }
    const data = /<script type="application\/ld\+json">(\{[^<]*"@type":"Article"[^<]*)</.exec(html)?.[1] ?? '{}';
    expect((await fetch(JSON.parse(data).image[0])).headers.get('content-type')).toBe('image/webp');
    await expect.poll(async () => (await fetch(`${site.url}/sitemap.xml`)).text()).toContain(JSON.parse(data).image[0]);
    await rm(content, { recursive: true });
  });
});
