import { expect, type Page } from 'playwright/test';
import { LABELS } from '#lib/leads/schema.ts';
import { test } from './site.ts';

// The form's script waits for the first touch (lib/form-runtime.ts): until then a slow phone has nothing to do but show it.

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
