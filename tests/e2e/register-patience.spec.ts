import { expect, type Page } from 'playwright/test';
import { untilScriptRuns } from '../support/script-runs.ts';
import { test } from './site.ts';
import { expectThanks, expectTyped, fillIn, leadsOf, newVisitor, press } from './visitor.ts';

// Servers that do not answer, pages that lie open, clocks that are wrong, tabs that are closed, scripts that come while
// somebody types.

test('30秒返事のないサーバーでは、書いたものを残して電話番号を示し、もう一度押せば登録される', async ({
  page,
  site,
}) => {
  const visitor = newVisitor();
  await page.clock.install();
  // The clock of the test moves timers, and the browser's own deadline for a request is none of them.
  await page.addInitScript(() => {
    AbortSignal.timeout = (ms) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new DOMException('late', 'TimeoutError')), ms);
      return controller.signal;
    };
  });
  await page.goto('/register');
  await untilScriptRuns(page);
  await fillIn(page, visitor);
  await page.clock.pauseAt(Date.now() + 60_000);
  const asked: string[] = [];
  const silent = (count: number) => expect.poll(() => asked.length).toBe(count);
  await page.route(/\/register/, (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    asked.push(new URL(route.request().url()).pathname);
  });
  await press(page);
  await silent(1);
  await expect(page.getByRole('status').filter({ hasText: '送信しています…' })).toBeVisible();
  await page.clock.runFor(14_900);
  expect(asked).toEqual(['/register']);
  await page.clock.runFor(200);
  await silent(2);
  await page.clock.runFor(14_800);
  await expect(page.getByRole('main').getByRole('alert')).toHaveCount(0);
  await page.clock.runFor(200);
  await expect(page.getByRole('main').getByRole('alert')).toContainText('登録できたか、確認できませんでした');
  expect(asked).toEqual(['/register', '/register/receive']);
  await expectTyped(page, visitor);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.clock.resume();
  await press(page);
  await expectThanks(page);
  expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ revision: 1 }]);
});

for (const [what, time] of [
  ['3日間開いたままのページ', undefined],
  ['20年遅れた時計', new Date('2006-01-01T00:00:00+09:00')],
  ['20年進んだ時計', new Date('2046-01-01T00:00:00+09:00')],
] as const) {
  test(`${what}からも登録でき、受付の日時はサーバーの時計による`, async ({ page, site }) => {
    const visitor = newVisitor();
    if (time) await page.clock.setFixedTime(time);
    else await page.clock.install();
    await page.goto('/register');
    await untilScriptRuns(page);
    if (!time) await page.clock.fastForward(3 * 24 * 60 * 60 * 1000);
    await fillIn(page, visitor);
    await press(page);
    await expectThanks(page);
    const [lead] = await leadsOf(site.dataDir, visitor);
    expect(Math.abs(Date.now() - (lead?.receivedAt.getTime() ?? 0))).toBeLessThan(600_000);
  });
}

test('書きかけは、進む、戻る、再読み込みのどれでも残る', async ({ page }) => {
  const visitor = newVisitor();
  await page.goto('/register');
  await untilScriptRuns(page);
  await fillIn(page, visitor);
  await page.goto('/articles');
  await page.goBack();
  await untilScriptRuns(page);
  await expectTyped(page, visitor);
  await page.goBack({ waitUntil: 'commit' }).catch(() => {});
  await page.goto('/register');
  await untilScriptRuns(page);
  await page.getByRole('main').getByRole('link', { name: 'プライバシーポリシー' }).click();
  await expect(page).toHaveURL('/privacy');
  await page.goBack();
  await page.goForward();
  await expect(page).toHaveURL('/privacy');
  await page.goBack();
  await untilScriptRuns(page);
  await expectTyped(page, visitor);
  await page.reload();
  await untilScriptRuns(page);
  await expectTyped(page, visitor);
});

test('閉じたタブを開き直すと書きかけが戻り、登録すると同じタブの記憶からも消える', async ({ page, context, site }) => {
  const visitor = newVisitor();
  await page.goto('/register');
  await untilScriptRuns(page);
  await fillIn(page, visitor);
  const kept = await page.evaluate(() => ({ ...sessionStorage }));
  await page.close();
  // What a browser gives a tab that is opened again: its own storage, and a page that is loaded anew.
  const again = await context.newPage();
  await again.addInitScript((entries) => {
    if (sessionStorage.length === 0 && !history.state)
      for (const [key, value] of entries) sessionStorage.setItem(key, value);
  }, Object.entries(kept));
  await again.goto('/register');
  await untilScriptRuns(again);
  await expectTyped(again, visitor);
  await press(again);
  await expectThanks(again);
  expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ revision: 1 }]);
});

/** Writes to any field by script since `watchWrites`, as `name=value`. */
const writes = (page: Page) => page.evaluate(() => Reflect.get(window, 'written') as string[]);

async function watchWrites(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const written: string[] = [];
    Object.defineProperty(window, 'written', { value: written });
    const { prototype } = HTMLInputElement;
    const value = Object.getOwnPropertyDescriptor(prototype, 'value');
    if (!value?.set) throw new Error('inputs have no value to watch');
    Object.defineProperty(prototype, 'value', {
      ...value,
      set(this: HTMLInputElement, text: string) {
        if (this.type !== 'hidden') written.push(`${this.name}=${text}`);
        value.set?.call(this, text);
      },
    });
  });
}

test('変換している間は、スクリプトが動き出しても、どの欄にも何も書き込まれず、変換した文字がそのまま届く', async ({
  page,
  site,
}) => {
  const visitor = { ...newVisitor(), name: '髙橋' };
  const held = Promise.withResolvers<void>();
  await watchWrites(page);
  await page.route(/\.js$/, async (route) => {
    await held.promise;
    await route.continue();
  });
  await page.goto('/register', { waitUntil: 'commit' });
  await page.getByLabel('お名前').focus();
  const keyboard = await page.context().newCDPSession(page);
  const key = { windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229, key: 'Process' };
  const compose = async (text: string) => {
    await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
    await keyboard.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
  };
  await compose('たか');
  held.resolve();
  await untilScriptRuns(page);
  await compose('たかはし');
  // Enter that only takes a conversion, in the field from which a plain Enter would send.
  await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key, key: 'Enter', code: 'Enter' });
  await keyboard.send('Input.insertText', { text: '髙橋' });
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key, key: 'Enter', code: 'Enter' });
  await expect(page.getByLabel('お名前')).toHaveValue('髙橋');
  expect(await writes(page)).toEqual([]);
  expect(page.url()).toContain('/register');
  await expect(page).not.toHaveTitle(/エラー/);
  await fillIn(page, visitor);
  await page.getByLabel('お名前').focus();
  await press(page);
  await expectThanks(page);
  expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ name: '髙橋' }]);
});

test('続けて送りすぎて断られたら、スクリプトがあってもなくても、いつから送れるかを伝え、書いたものは残る', async ({
  startSite,
  browser,
}) => {
  const site = await startSite({ TRUST_PROXY: '1' });
  const client = { 'x-forwarded-for': '203.0.113.9' };
  const headers = { ...client, origin: site.url, accept: 'application/json' };
  const statuses: number[] = [];
  for (let count = 0; count < 61; count += 1) {
    const visitor = { ...newVisitor(), submission_id: crypto.randomUUID() };
    const answer = await fetch(`${site.url}/register/receive`, {
      method: 'POST',
      headers,
      body: new URLSearchParams(visitor),
    });
    statuses.push(answer.status);
  }
  expect([statuses.indexOf(429), statuses.at(-1)]).toEqual([60, 429]);
  for (const javaScriptEnabled of [true, false]) {
    const context = await browser.newContext({ javaScriptEnabled, baseURL: site.url, extraHTTPHeaders: client });
    const page = await context.newPage();
    const visitor = newVisitor();
    await page.goto('/register');
    if (javaScriptEnabled) await untilScriptRuns(page);
    await fillIn(page, visitor);
    const refused = page.waitForResponse((answer) => answer.request().method() === 'POST');
    await press(page);
    // A server action answers its script with 200; a post without script carries the status.
    expect((await refused).status()).toBe(javaScriptEnabled ? 200 : 429);
    const alert = page.getByRole('main').getByRole('alert');
    await expect(alert).toContainText(/\d{4}年\d+月\d+日\(.\)\d+:\d\d以降に/);
    await expect(alert).toBeFocused();
    await expect(page).toHaveTitle(/^エラー: /);
    await expectTyped(page, visitor);
    expect(await leadsOf(site.dataDir, visitor)).toEqual([]);
    await context.close();
  }
});
