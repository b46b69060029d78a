import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { newArticle } from '#lib/articles/new-article.ts';
import { runDesk, saveAndSee, saveArticle } from '../support/running-desk.ts';
import type { RunningSite } from '../support/running-site.ts';

// The editors' preview as `npm run dev` shows it. One server for all: its first start compiles the pages.

const PROJECT = path.resolve(import.meta.dirname, '../..');
const DRAFT = 'my-first-article';

let content: string;
let desk: RunningSite;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  test.setTimeout(300_000);
  content = mkdtempSync(path.join(tmpdir(), 'content-'));
  cpSync(path.join(PROJECT, 'content'), content, { recursive: true });
  newArticle(content, DRAFT, new Date());
  desk = await runDesk(content);
  // What is asked for first is compiled first: on a busy machine that takes longer than any expectation waits.
  for (const place of ['', `/articles/${DRAFT}`, `/view/articles/${DRAFT}`, `/share/${DRAFT}`, '/parts']) {
    await (await fetch(`${desk.url}/preview${place}`)).arrayBuffer();
  }
});

test.afterAll(async () => {
  await desk.remove('SIGKILL');
  rmSync(content, { recursive: true });
});

const frameOf = (page: Page) => page.frameLocator('iframe').first();

test('下書きを一覧から開き、保存した文が、動かした位置のまま、すぐに見える', async ({ page }) => {
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.setViewportSize({ width: 1280, height: 900 });
  // Chromium reports a transition that it breaks off itself as an error of the page.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`${desk.url}/preview`);
  await page.getByRole('link', { name: /^記事の題名/ }).click();
  await expect(page.getByText('下書き・')).toBeVisible();
  await expect(page.getByText(/題名 全角\d+(?:\.5)?文字分（32まで）/)).toBeVisible();
  await expect(page.getByText(/説明 全角[\d.]+文字分（80〜120）/)).toBeVisible();
  await expect(page.getByText(/\d+分で読めます（\d+文字）/)).toBeVisible();
  await expect(page.getByRole('heading', { name: '直すところはありません' })).toBeVisible();
  await expect(page.getByAltText(/^題名を描いた画像/)).toHaveJSProperty('naturalWidth', 1200);
  const widths = await page.locator('iframe').evaluateAll((frames) => frames.map(({ clientWidth }) => clientWidth));
  expect(widths).toEqual([390, 320]);

  // On the real layout: header, call to action, author.
  for (const part of ['.site-header', '.cta', '.author-box', '.site-footer']) {
    await expect(frameOf(page).locator(part).first()).toBeAttached();
  }
  const [, frame] = page.frames();
  // Its styles too: what is scrolled to before they are there moves when they come.
  await frame?.waitForLoadState();
  const lastHeading = () =>
    frame?.evaluate(() => Math.round(document.querySelectorAll('h2')[1]?.getBoundingClientRect().top ?? 0));
  await frame?.evaluate(() => document.querySelectorAll('h2')[1]?.scrollIntoView({ behavior: 'instant' }));
  const before = await lastHeading();
  // Above what is in view: everything below moves down, and must not move under the reader's eyes.
  const took = await saveAndSee(page, content, DRAFT, '保存したばかりの文です。');
  console.log(`保存してから見えるまで: ${took}ミリ秒`);
  expect(await lastHeading()).toBe(before);
  expect(complaints).toEqual([]);
});

test('書き間違いは、行と列と直し方、その行の文が出て、直すと消える', async ({ page }) => {
  await page.goto(`${desk.url}/preview/articles/${DRAFT}`);
  saveArticle(content, DRAFT, (text) => text.replace('1つの段落には', '報酬は<10万円です。1つの段落には'));
  const faults = page.locator('[data-live="faults"]');
  await expect(faults.getByRole('heading')).toHaveText('直すところ（1件）');
  await expect(faults).toContainText(/my-first-article\.mdx:\d+:4/);
  await expect(faults).toContainText('「<」の後がタグの名前ではありません');
  await expect(faults.locator('mark')).toHaveText('<');
  await expect(faults.locator('code')).toHaveText(/^報酬は<10万円です。/);
  await expect(faults).toContainText('直前の正しい内容');
  await expect(frameOf(page).getByText('1つの段落には1つのことだけを書きます。')).toBeVisible();
  saveArticle(content, DRAFT, (text) => text.replace('報酬は<10万円です。', ''));
  await expect(faults.getByRole('heading')).toHaveText('直すところはありません');
});

test('文章の警告は、直すところと分けて、保存のあとから同じページに出る', async ({ page }) => {
  await page.goto(`${desk.url}/preview/articles/${DRAFT}`);
  const warnings = page.locator('[data-live="warnings"]');
  await expect(warnings.getByRole('heading')).toHaveText('警告はありません');
  saveArticle(content, DRAFT, (text) => text.replace('1つの段落には', 'シュミレーションの段落です。1つの段落には'));
  // The page comes first, the language after it.
  await expect(frameOf(page).getByText('シュミレーションの段落です。')).toBeVisible();
  await expect(warnings.getByRole('heading')).toHaveText('警告（1件）');
  await expect(warnings).toContainText(/my-first-article\.mdx:\d+:1/);
  await expect(warnings).toContainText('「シミュレーション」と書きます');
  await expect(warnings.locator('mark')).toHaveText('シ');
  await expect(page.locator('[data-live="faults"]').getByRole('heading')).toHaveText('直すところはありません');
  await page.goto(`${desk.url}/preview`);
  const groupOf = (title: string) =>
    page.locator('.desk-group').filter({ has: page.getByRole('heading', { name: title }) });
  await expect(groupOf('下書き')).toContainText('警告1件');
  await expect(groupOf('直すところがある記事')).toHaveText(/ありません。$/);
  saveArticle(content, DRAFT, (text) => text.replace('シュミレーションの段落です。', ''));
});

test('部品は10個までで、そのまま使える例が、描かれた形で並ぶ', async ({ page }) => {
  await page.goto(`${desk.url}/preview/parts`);
  const parts = page.locator('.desk-part');
  const names = await parts.getByRole('heading', { level: 2 }).allTextContents();
  expect(names).toContain('KeyPoints');
  expect(names.length).toBeLessThanOrEqual(10);
  await expect(parts.filter({ hasText: '取引先は<Figure' }).locator('.desk-drawn')).toContainText(/[\d,]+社/);
  await expect(page.locator('.desk-drawn .comparison .side')).toHaveCount(2);
});

test('スマートフォンの幅でも、横に動かさずに読める', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const place of ['', `/articles/${DRAFT}`, '/parts']) {
    await page.goto(`${desk.url}/preview${place}`);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, place).toBeLessThanOrEqual(390);
  }
});
