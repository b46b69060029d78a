import { expect } from 'playwright/test';
import { childrenOf, parseXml, textOf } from '../support/xml.ts';
import { test } from './site.ts';

// What search engines, feed readers and services with previews get, read as they read it: without a browser.

type Answer = { status: number; type: string; text: string };

async function get(address: string): Promise<Answer> {
  const answer = await fetch(address);
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
}

async function sitemapOf(site: { url: string }): Promise<string[]> {
  const { text } = await get(`${site.url}/sitemap.xml`);
  return childrenOf(parseXml(text), 'url').map((url) => textOf(url, 'loc'));
}

/** The value of the only tag that `pattern` finds; its group 1. */
function only(html: string, pattern: RegExp): string {
  const found = Array.from(html.matchAll(new RegExp(pattern, 'g')), ([, value = '']) => value);
  expect(found, String(pattern)).toHaveLength(1);
  return found[0] ?? '';
}

const meta = (html: string, name: string) =>
  only(html, new RegExp(`<meta (?:name|property)="${name}" content="([^"]*)"/>`));

function structuredData(html: string): Record<string, unknown>[] {
  const scripts = html.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/g);
  return Array.from(scripts, ([, json = '']) => JSON.parse(json));
}

test('サイトマップのどのページも、題名、説明、正規の住所が1つずつあり、ほかのページと重ならない', async ({ site }) => {
  const addresses = await sitemapOf(site);
  expect(addresses.length).toBeGreaterThan(20);
  const seen = { titles: new Set<string>(), descriptions: new Set<string>(), canonicals: new Set<string>() };
  for (const address of addresses) {
    const { status, text } = await get(address);
    expect(status, address).toBe(200);
    expect(text, address).not.toContain('noindex');
    const canonical = only(text, /<link rel="canonical" href="([^"]*)"\/>/);
    // Next writes the address of the home page without its slash.
    expect(canonical.replace(/\/$/, ''), address).toBe(address.replace(/\/$/, ''));
    seen.canonicals.add(canonical);
    seen.titles.add(only(text, /<title>([^<]*)<\/title>/));
    seen.descriptions.add(meta(text, 'description'));
  }
  const sizes = Object.values(seen).map(({ size }) => size);
  expect(sizes).toEqual([addresses.length, addresses.length, addresses.length]);
});

test('どのページにも大きさと代わりの文のある共有画像があり、その住所に1200×630のPNGがある', async ({ site }) => {
  const pictures = new Map<string, number>();
  for (const address of [...(await sitemapOf(site)), `${site.url}/register`]) {
    const { text } = await get(address);
    const picture = meta(text, 'og:image');
    expect([meta(text, 'og:image:width'), meta(text, 'og:image:height')]).toEqual(['1200', '630']);
    expect(meta(text, 'og:image:alt'), address).not.toBe('');
    expect(meta(text, 'twitter:card')).toBe('summary_large_image');
    expect(meta(text, 'twitter:image')).toBe(picture);
    expect(meta(text, 'twitter:image:alt')).toBe(meta(text, 'og:image:alt'));
    pictures.set(picture, (pictures.get(picture) ?? 0) + 1);
  }
  const articles = [...pictures.keys()].filter((picture) => picture.includes('/articles/'));
  expect(articles.length).toBeGreaterThanOrEqual(12);
  for (const [picture, pages] of pictures) {
    if (picture !== `${site.url}/share.png`) expect(pages, picture).toBe(1);
    const answer = await fetch(picture, { headers: { 'accept-encoding': 'gzip, br' } });
    expect([answer.status, answer.headers.get('content-type')], picture).toEqual([200, 'image/png']);
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], picture).toEqual([1200, 630]);
    const again = await fetch(picture, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });
    expect(again.status, picture).toBe(304);
  }
});

test('構造化データは、記事には記事と道順、トップには運営者とサイト名、ほかには道順', async ({ site }) => {
  for (const address of await sitemapOf(site)) {
    const { text } = await get(address);
    const { pathname } = new URL(address);
    const data = structuredData(text);
    const types = data.map((each) => each['@type']).sort();
    if (pathname === '/') expect(types).toEqual(['Organization', 'WebSite']);
    else if (/^\/articles\/./.test(pathname)) expect(types).toEqual(['Article', 'BreadcrumbList']);
    else expect(types, address).toEqual(text.includes('class="breadcrumb"') ? ['BreadcrumbList'] : []);
    for (const each of data) expect(each['@context']).toBe('https://schema.org');
    const trail = data.find((each) => each['@type'] === 'BreadcrumbList')?.itemListElement;
    if (Array.isArray(trail)) {
      expect(trail[0]).toMatchObject({ item: `${site.url}/` });
      expect(trail.map(({ position }) => position)).toEqual(trail.map((_, index) => index + 1));
      expect(trail.at(-1)).toMatchObject({ '@type': 'ListItem', item: address, name: expect.stringMatching(/./) });
    }
  }
});

test('フィードは全文を持ち、名乗る住所にあり、記事ページから見つかる', async ({ site }) => {
  const { status, type, text } = await get(`${site.url}/feed.xml`);
  expect([status, type]).toEqual([200, 'application/atom+xml; charset=utf-8']);
  const feed = parseXml(text);
  const self = childrenOf(feed, 'link').find(({ attributes }) => attributes.rel === 'self');
  expect(self?.attributes.href).toBe(`${site.url}/feed.xml`);
  const entries = childrenOf(feed, 'entry');
  expect(entries.length).toBeGreaterThanOrEqual(12);
  for (const entry of entries) {
    const address = textOf(entry, 'id');
    const page = await get(address);
    expect(page.status, address).toBe(200);
    expect(page.text).toContain(`type="application/atom+xml" href="${site.url}/feed.xml"`);
    const html = textOf(entry, 'content');
    const words = (source: string) => source.replace(/<[^>]*>|\s/g, '');
    // The whole text: every paragraph of the page's prose, and no link that only works on our pages.
    const paragraphs = Array.from(page.text.matchAll(/<p>([^<]{20,})<\/p>/g), ([, inner = '']) => words(inner));
    const fromProse = paragraphs.filter((paragraph) => words(html).includes(paragraph));
    expect(fromProse.length, address).toBeGreaterThan(5);
    for (const [, href = ''] of html.matchAll(/href="([^"]*)"/g)) expect(href, address).toMatch(/^https?:\/\//);
  }
});

test('robots.txtはサイトマップを名指しし、llms.txtの住所はすべて開ける', async ({ site }) => {
  expect((await get(`${site.url}/robots.txt`)).text).toContain(`\nSitemap: ${site.url}/sitemap.xml\n`);
  const llms = await get(`${site.url}/llms.txt`);
  expect([llms.status, llms.type]).toEqual([200, 'text/plain; charset=utf-8']);
  const links = Array.from(llms.text.matchAll(/\]\(([^)]*)\)/g), ([, href = '']) => href);
  expect(links.length).toBeGreaterThanOrEqual(15);
  for (const href of links) expect((await get(href)).status, href).toBe(200);
});
