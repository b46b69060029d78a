import { expect } from 'playwright/test';
import { untilScriptRuns } from '../support/script-runs.ts';
import { test } from './site.ts';
import { expectThanks, expectTyped, fillIn, leadsOf, newVisitor, press } from './visitor.ts';

test('ボタンを2度押しても、同じ瞬間に3回送っても、登録は1件', async ({ page, site }) => {
  const twice = newVisitor();
  await page.goto('/register');
  await untilScriptRuns(page);
  await fillIn(page, twice);
  await page.getByRole('button', { name: '同意して無料登録する' }).dblclick();
  await expectThanks(page);
  expect(await leadsOf(site.dataDir, twice)).toMatchObject([{ revision: 1 }]);

  const thrice = newVisitor();
  await page.goto('/register');
  await untilScriptRuns(page);
  await fillIn(page, thrice);
  await page.locator('form').evaluate((form: HTMLFormElement) => {
    for (let count = 0; count < 3; count += 1) form.requestSubmit();
  });
  await expectThanks(page);
  expect(await leadsOf(site.dataDir, thrice)).toMatchObject([{ revision: 1 }]);
});

test('スクリプトなしでボタンを2度押しても、登録は1件', async ({ browser, site }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: site.url });
  const page = await context.newPage();
  const visitor = newVisitor();
  await page.goto('/register');
  await fillIn(page, visitor);
  await page.getByRole('button', { name: '同意して無料登録する' }).dblclick();
  await expectThanks(page);
  expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ revision: 1 }]);
  await context.close();
});

test('スクリプトが読み込まれる前に押しても登録される', async ({ page, site }) => {
  const visitor = newVisitor();
  await page.route(/\.js$/, () => {}); // never answered: the script is still on its way
  await page.goto('/register?cta=home', { waitUntil: 'commit' });
  await fillIn(page, visitor);
  await press(page);
  await expectThanks(page);
  expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ revision: 1, source: { cta: 'home' } }]);
});

test('スクリプトが動き出す前に書いたものは、動き出しても残る', async ({ page }) => {
  const visitor = newVisitor();
  const held = Promise.withResolvers<void>();
  await page.route(/\.js$/, async (route) => {
    await held.promise;
    await route.continue();
  });
  await page.goto('/register', { waitUntil: 'commit' });
  await fillIn(page, visitor);
  held.resolve();
  await untilScriptRuns(page);
  await expectTyped(page, visitor);
  await press(page);
  await expectThanks(page);
});

test('受付のページを再読み込みしても1件、戻って直して送れば同じ登録の訂正になる', async ({ page, site }) => {
  const visitor = newVisitor();
  await page.goto('/register');
  await untilScriptRuns(page);
  await fillIn(page, visitor);
  await press(page);
  await expectThanks(page);
  await page.reload();
  await expectThanks(page);
  expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ revision: 1 }]);

  await page.goBack();
  await untilScriptRuns(page);
  await fillIn(page, { ...visitor, phone: '03-1234-5678' });
  await press(page);
  await expectThanks(page);
  expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ revision: 2, phoneE164: '+81312345678' }]);
});

test('同じフォームを開いた2つのタブから送っても、登録は1件', async ({ page, site, context }) => {
  const visitor = newVisitor();
  await page.goto('/register');
  await untilScriptRuns(page);
  await fillIn(page, visitor);
  const [copy] = await Promise.all([
    context.waitForEvent('page'),
    page.evaluate(() => void window.open(location.href)),
  ]);
  await untilScriptRuns(copy);
  await expectTyped(copy, visitor);
  await Promise.all([press(page), press(copy)]);
  await expectThanks(page);
  await expectThanks(copy);
  expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ revision: 1 }]);
});

test('変換を確定するEnterでは送信されず、変換した文字がそのまま届く', async ({ page, site }) => {
  const visitor = newVisitor();
  const posts: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  await page.goto('/register');
  await untilScriptRuns(page);
  await fillIn(page, { ...visitor, name: '' });
  await page.getByLabel('お名前').focus();

  const keyboard = await page.context().newCDPSession(page);
  const composingKey = { windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 };
  for (const text of ['や', 'やまだ', '山田']) {
    await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...composingKey, key: 'Process' });
    await keyboard.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', ...composingKey, key: 'Process' });
  }
  // What a browser sends for the Enter that takes a conversion: key code 229, not 13.
  await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...composingKey, key: 'Enter', code: 'Enter' });
  await keyboard.send('Input.insertText', { text: '山田' });
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', ...composingKey, key: 'Enter', code: 'Enter' });
  await expect(page.getByLabel('お名前')).toHaveValue('山田');
  expect(posts).toEqual([]);
  expect(await page.title()).not.toContain('エラー');

  await page.keyboard.press('Enter');
  await expectThanks(page);
  expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ name: '山田' }]);
});

test('入力の検査に要る機能がない古いブラウザーからも登録され、誤りはサーバーが見つける', async ({ page, site }) => {
  const visitor = newVisitor();
  await page.addInitScript(() => {
    Reflect.deleteProperty(Intl, 'Segmenter');
    Reflect.deleteProperty(String.prototype, 'toWellFormed');
  });
  await page.goto('/register');
  await untilScriptRuns(page);
  await fillIn(page, { ...visitor, phone: '03' });
  await press(page);
  await expect(page.getByRole('region', { name: '入力内容に問題があります' })).toBeFocused();
  await fillIn(page, visitor);
  await press(page);
  await expectThanks(page);
  expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ revision: 1 }]);
});
