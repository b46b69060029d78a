import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'playwright/test';
import { previewPath } from '#lib/articles/preview-link.ts';
import { secrets } from '#lib/secrets.ts';
import { childrenOf, parseXml, textOf } from '../support/xml.ts';
import { test } from './site.ts';

// What readers must not see yet, or no more: in four articles, each with words that stand nowhere else. Asked for at
// every address there is, without a browser.

const PROJECT = path.resolve(import.meta.dirname, '../..');
const DAY_MS = 86_400_000;
const day = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().replace(/\.\d+/, '');

const HIDDEN = [
  { slug: 'hidden-draft', word: 'カワセミ', head: `publishedAt: ${day(-2)}\ndraft: true` },
  { slug: 'hidden-future', word: 'ヤマセミ', head: `publishedAt: ${day(2)}` },
  { slug: 'hidden-expired', word: 'アカショウビン', head: `publishedAt: ${day(-3)}\nexpiresAt: ${day(-2)}` },
  { slug: 'hidden-withdrawn', word: 'ブッポウソウ', head: `publishedAt: ${day(-3)}\nexpiresAt: ${day(-0.001)}` },
] as const;
const [DRAFT, FUTURE, EXPIRED, WITHDRAWN] = HIDDEN;

const textOfHidden = ({ slug, word, head }: (typeof HIDDEN)[number]) =>
  `---\ntitle: ${word}の題名\ndescription: ${`${word}の説明です。`.repeat(8).slice(0, 100)}\n${head}\nauthor: editorial-team\ncategory: work\ntags: [PMO, ${word}]\ndisclosure: none\naliases: [${slug}-before]\n---\n\n${word}の書き出しです。\n\n## ${word}の見出し\n\n${word}の本文です。\n\n<Cta />\n`;

/** Anything that stands in one of the four: the address of an article is as telling as its title. */
const TELLING = new RegExp(HIDDEN.map(({ word, slug }) => `${word}|${slug}`).join('|'));

async function openSite(startSite: (environment: Record<string, string>) => Promise<{ url: string; dataDir: string }>) {
  const content = await mkdtemp(path.join(tmpdir(), 'content-'));
  await cp(path.join(PROJECT, 'content'), content, { recursive: true });
  for (const each of HIDDEN) await writeFile(path.join(content, 'articles', `${each.slug}.mdx`), textOfHidden(each));
  const { url, dataDir } = await startSite({ CONTENT_DIR: content });
  const get = (target: string) => fetch(url + target, { redirect: 'manual' });
  return { content, url, dataDir, get };
}

test('下書き、公開前、期限切れ、取り下げた記事は、どのアドレスにも出ない', async ({ startSite }) => {
  const { content, get } = await openSite(startSite);
  const sitemap = await (await get('/sitemap.xml')).text();
  const listed = childrenOf(parseXml(sitemap), 'url').map((each) => new URL(textOf(each, 'loc')).pathname);
  expect(listed.length).toBeGreaterThan(20);
  const others = [
    '/sitemap.xml',
    '/feed.xml',
    '/llms.txt',
    '/robots.txt',
    '/readyz',
    '/search',
    '/register',
    '/nothing',
  ];
  for (const address of [...listed, ...others]) {
    expect(await (await get(address)).text(), address).not.toMatch(TELLING);
  }
  for (const { word, slug } of HIDDEN) {
    const found = await (await get(`/search?q=${encodeURIComponent(word)}`)).text();
    // The word itself stands in the field and in the heading.
    expect(found, word).not.toContain(slug);
    expect(found, word).not.toContain(`${word}の`);
    expect((await get(`/tags/${encodeURIComponent(word)}`)).status).toBe(404);
    expect((await get(`/articles/${slug}/share.png`)).status).toBe(404);
  }
  await rm(content, { recursive: true });
});

test('公開前の記事の住所は404、公開を終えた記事の住所は410で、題名も本文も出さずに次の行き先を示す', async ({
  startSite,
  page,
}) => {
  const { content, url, get } = await openSite(startSite);
  for (const { slug, word } of [DRAFT, FUTURE]) {
    for (const address of [`/articles/${slug}`, `/articles/${slug}-before`]) {
      const answer = await get(address);
      expect(answer.status, address).toBe(404);
      expect(await answer.text()).not.toContain(word);
    }
  }
  for (const { slug, word } of [EXPIRED, WITHDRAWN]) {
    for (const address of [`/articles/${slug}`, `/articles/${slug}-before`]) {
      const answer = await get(address);
      expect(answer.status, address).toBe(410);
      expect(answer.headers.get('content-security-policy')).toContain("script-src 'none'");
      const text = await answer.text();
      expect(text).not.toMatch(new RegExp(word));
      expect(text).toContain('name="robots" content="noindex');
      expect(text).not.toContain('og:image');
      expect(text).not.toContain(`"headline"`);
    }
  }
  await page.goto(`${url}/articles/${WITHDRAWN.slug}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('この記事は公開を終えました');
  await page.getByRole('region', { name: '近い内容の記事' }).getByRole('link').first().click();
  await expect(page.getByRole('article')).toBeVisible();
  await rm(content, { recursive: true });
});

test('下書きのアドレスは、作った人から渡された人だけが、7日の間だけ開ける', async ({ startSite, page }) => {
  const { content, url, dataDir, get } = await openSite(startSite);
  const made = spawnSync(process.execPath, ['scripts/content-preview.ts', DRAFT.slug], {
    cwd: PROJECT,
    encoding: 'utf8',
    env: { ...process.env, CONTENT_DIR: content, DATA_DIR: dataDir, SITE_URL: url },
  });
  expect(made.stderr).toMatch(/^7日間（20\d\d年\d+月\d+日 \d+:\d\dまで）/);
  const { pathname, search } = new URL(made.stdout.trim());
  const answer = await get(pathname + search);
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex, nofollow, noarchive',
    'content-security-policy': expect.stringContaining("script-src 'none'"),
  });
  expect(answer.headers.get('etag')).toBeNull();
  const html = await answer.text();
  expect(html).not.toMatch(/og:(?:title|description|image)|"headline"|rel="canonical"/);
  await page.goto(made.stdout.trim());
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('カワセミの題名');
  await expect(page.getByText('カワセミの本文です。')).toBeVisible();
  await expect(page.getByText('公開していない記事です。')).toBeVisible();

  const { signingKey } = secrets(dataDir);
  const old = await get(previewPath(DRAFT.slug, new Date(Date.now() - 8 * DAY_MS), signingKey));
  expect([old.status, old.headers.get('cache-control')]).toEqual([410, 'no-store']);
  const ended = await old.text();
  expect(ended.replaceAll('<wbr/>', '')).toContain('期限が切れました');
  expect(ended).not.toContain(DRAFT.word);
  for (const wrong of [
    `${pathname}`,
    `${pathname}?t=x`,
    `/drafts/${FUTURE.slug}${search}`,
    `${pathname}.rsc${search}`,
  ]) {
    const refused = await get(wrong);
    expect(refused.status, wrong).toBe(404);
    expect(await refused.text(), wrong).not.toMatch(TELLING);
  }
  // What is public needs no secret address.
  const [open = ''] = /\/articles\/[a-z0-9-]+/.exec(await (await get('/')).text()) ?? [];
  const slug = open.replace('/articles/', '');
  const led = await get(previewPath(slug, new Date(), signingKey));
  expect([led.status, led.headers.get('location')]).toEqual([307, `/articles/${slug}`]);
  await rm(content, { recursive: true });
});

test('編集者の机は、公開しているサイトにはない', async ({ startSite }) => {
  for (const READER_PAGES of ['finished', 'stock']) {
    const { url } = await startSite({ READER_PAGES });
    for (const place of [
      '',
      '/articles/pmo-yametoke',
      '/view/articles/pmo-yametoke',
      '/share/pmo-yametoke',
      '/changes',
    ]) {
      expect((await fetch(`${url}/preview${place}`)).status, `${READER_PAGES} ${place}`).toBe(404);
    }
  }
});
