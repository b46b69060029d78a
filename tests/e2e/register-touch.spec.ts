import { expect, type Page } from 'playwright/test';
import { LABELS } from '#lib/leads/schema.ts';
import { findChromium, launchOptions } from '../support/chromium.ts';
import { test } from './site.ts';
import { expectThanks, fillIn, newVisitor, press } from './visitor.ts';

// The form's script waits for the first touch (lib/form-runtime.ts): until then a slow phone has nothing to do but show it.

// The headless shell has a pointer of its own that moves by nothing at the corner of every page: a first touch.
test.use({ launchOptions: launchOptions(findChromium()) });

const runs = (page: Page): Promise<boolean> =>
  page.evaluate(() => Object.keys(document.forms[0] ?? {}).some((key) => key.startsWith('__reactProps')));

const TOUCHES: Record<string, (page: Page) => Promise<void>> = {
  指: (page) => page.touchscreen.tap(5, 200),
  キーボード: (page) => page.keyboard.press('Tab'),
  マウス: (page) => page.mouse.move(50, 60),
  自動入力: (page) => page.getByLabel(LABELS.name).fill('佐藤 花子'),
};

for (const [name, touch] of Object.entries(TOUCHES)) {
  test(`フォームのスクリプトは、読むあいだは動かず、${name}で触れると動く`, async ({ browser, site }) => {
    const context = await browser.newContext({ baseURL: site.url, hasTouch: true, locale: 'ja-JP' });
    const page = await context.newPage();
    await page.goto('/register', { waitUntil: 'networkidle' });
    expect(await page.locator('script[src]:not([nomodule])').count()).toBe(0);
    expect(await runs(page)).toBe(false);
    await touch(page);
    await expect.poll(() => runs(page)).toBe(true);
    const loaded = await page.evaluate(() => Array.from(document.scripts, ({ src }) => src).filter(Boolean));
    expect(loaded).toEqual([...new Set(loaded)]);
    await context.close();
  });
}

test('書きかけのあるタブでは、触れなくても動いて、書いたものを戻す', async ({ page }) => {
  await page.goto('/register');
  await page.mouse.move(50, 60);
  await expect.poll(() => runs(page)).toBe(true);
  await page.getByLabel(LABELS.name).pressSequentially('佐藤');
  await page.goto('/about');
  await page.goto('/register');
  await expect(page.getByLabel(LABELS.name)).toHaveValue('佐藤');
});

test('スクリプトが動く前に翻訳や入力の補助がページを変えていても、書いたものは消えない', async ({ page }) => {
  await page.goto('/register');
  await page.evaluate(() => {
    const heading = document.querySelector('h1');
    if (heading) heading.innerHTML = '<font>Free registration</font>';
    document.querySelector('input[name=name]')?.after(document.createElement('div'));
    const fill = (name: string, value: string) => {
      const field = document.querySelector<HTMLInputElement>(`input[name=${name}]`);
      if (!field) throw new Error(name);
      field.value = value;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    };
    fill('name', '佐藤 花子');
    fill('email', 'hanako@example.jp');
  });
  await expect.poll(() => runs(page)).toBe(true);
  await expect(page.locator('main div:empty')).toHaveCount(0);
  await expect(page.getByLabel(LABELS.name)).toHaveValue('佐藤 花子');
  await expect(page.getByLabel(LABELS.email)).toHaveValue('hanako@example.jp');
});

test('スクリプトが届く前に登録しても、書いたものはタブに残らず、次の人のフォームは空', async ({ page }) => {
  await page.route('**/_next/static/**/*.js', (route) => route.abort());
  await page.goto('/register');
  const first = await page.locator('input[name=submission_id]').inputValue();
  await fillIn(page, newVisitor());
  expect(await page.evaluate(() => sessionStorage.length)).toBe(1);
  await press(page);
  await expectThanks(page);
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  await page.unroute('**/_next/static/**/*.js');
  await page.goto('/register');
  await page.mouse.move(50, 60);
  await expect.poll(() => runs(page)).toBe(true);
  await expect(page.getByLabel(LABELS.email)).toHaveValue('');
  expect(await page.locator('input[name=submission_id]').inputValue()).not.toBe(first);
});
