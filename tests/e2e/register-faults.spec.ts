import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, type Page } from 'playwright/test';
import { site as operator } from '#lib/site.ts';
import { untilScriptRuns } from '../support/script-runs.ts';
import { test } from './site.ts';
import { expectThanks, expectTyped, fillIn, leadsOf, newVisitor, press, type Visitor } from './visitor.ts';

// Whatever happens between the button and the answer: nothing typed is lost, the visitor is told the truth, and the
// next try is the same lead. Requests are changed on the network only; the server is the real one.

const isAction = (url: URL) => url.pathname === '/register';
const isPlain = (url: URL) => url.pathname === '/register/receive';

async function readyToSend(page: Page): Promise<Visitor> {
  const visitor = newVisitor();
  await page.goto('/register');
  await untilScriptRuns(page);
  await fillIn(page, visitor);
  return visitor;
}

async function expectUnsure(page: Page, visitor: Visitor): Promise<void> {
  const alert = page.getByRole('main').getByRole('alert');
  await expect(alert).toContainText('登録できたか、確認できませんでした');
  await expect(alert.getByRole('link', { name: operator.operator.phone.display })).toBeVisible();
  await expect(alert).toBeFocused();
  await expect(page).toHaveTitle(/^エラー: /);
  await expectTyped(page, visitor);
}

test('サーバーが落ちていても書いたものは残り、戻ってからもう一度押せば登録される', async ({ page, site }) => {
  const visitor = await readyToSend(page);
  await site.stop('SIGKILL');
  await press(page);
  await expectUnsure(page, visitor);
  await site.start();
  await press(page);
  await expectThanks(page);
  expect(await leadsOf(site.dataDir, visitor)).toHaveLength(1);
});

test('通信が切れていても書いたものは残り、つながってからもう一度押せば登録される', async ({ page, site, context }) => {
  const visitor = await readyToSend(page);
  await context.setOffline(true);
  await press(page);
  await expectUnsure(page, visitor);
  await context.setOffline(false);
  await press(page);
  await expectThanks(page);
  expect(await leadsOf(site.dataDir, visitor)).toHaveLength(1);
});

test('保存されたのに返事だけが失われても、もう一度押した登録は同じ1件になる', async ({ page, site }) => {
  const visitor = await readyToSend(page);
  for (const address of [isAction, isPlain]) {
    await page.route(address, async (route) => {
      await route.fetch();
      await route.abort('connectionreset');
    });
  }
  await press(page);
  await expectUnsure(page, visitor);
  expect(await leadsOf(site.dataDir, visitor)).toHaveLength(1);
  await page.unrouteAll();
  await press(page);
  await expectThanks(page);
  expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ revision: 1 }]);
});

test('別のビルドのページからでも登録される', async ({ page, site }) => {
  const visitor = await readyToSend(page);
  const refused: number[] = [];
  page.on('response', (answer) => isAction(new URL(answer.url())) && refused.push(answer.status()));
  await page.route(isAction, (route) =>
    route.continue({ headers: { ...route.request().headers(), 'next-action': `60${'0'.repeat(40)}` } }),
  );
  await press(page);
  await expectThanks(page);
  expect(refused).toEqual([409]);
  expect(await leadsOf(site.dataDir, visitor)).toHaveLength(1);
});

for (const [what, status] of [
  ['中継サーバーが502を返しても', 502],
  ['サーバーが500を返しても', 500],
] as const) {
  test(`${what}登録される`, async ({ page, site }) => {
    const visitor = await readyToSend(page);
    await page.route(isAction, (route) => route.fulfill({ status, body: 'Bad Gateway', contentType: 'text/html' }));
    await press(page);
    await expectThanks(page);
    expect(await leadsOf(site.dataDir, visitor)).toHaveLength(1);
  });
}

test('返事の形が変わった新しいビルドにも、ページごと送って登録される', async ({ page, site }) => {
  const visitor = await readyToSend(page);
  await page.route(isAction, (route) => route.abort());
  await page.route(isPlain, async (route) =>
    (await route.request().headerValue('accept'))?.includes('application/json')
      ? route.fulfill({ json: { status: 'of another time' } })
      : route.continue(),
  );
  await press(page);
  await expectThanks(page);
  expect(await leadsOf(site.dataDir, visitor)).toHaveLength(1);
});

test('混み合って断られたら、いつから送れるかを伝え、書いたものは残る', async ({ page }) => {
  const visitor = await readyToSend(page);
  await page.route(isAction, (route) => route.abort());
  await page.route(isPlain, (route) =>
    route.fulfill({ status: 429, json: { status: 'limited', retryFrom: '2026年11月24日(火)9:05' } }),
  );
  await press(page);
  await expect(page.getByRole('main').getByRole('alert')).toContainText('2026年11月24日(火)9:05以降に');
  await expectTyped(page, visitor);
});

test('保存できないときは、登録したとは言わず、電話番号を示し、書いたものは残る', async ({ page, site, browser }) => {
  const visitor = await readyToSend(page);
  const plain = await browser.newContext({ javaScriptEnabled: false, baseURL: site.url });
  const plainPage = await plain.newPage();
  await plainPage.goto('/register');
  await fillIn(plainPage, visitor);

  const lock = new DatabaseSync(path.join(site.dataDir, 'leads.sqlite'), { timeout: 5000 });
  lock.exec('BEGIN EXCLUSIVE');
  const refused = plainPage.waitForResponse((answer) => answer.request().method() === 'POST');
  await Promise.all([press(page), press(plainPage)]);
  for (const one of [page, plainPage]) {
    const alert = one.getByRole('main').getByRole('alert');
    await expect(alert).toContainText('登録は完了していません', { timeout: 20_000 });
    await expect(alert.getByRole('link', { name: operator.operator.phone.display })).toBeVisible();
    await expect(one).toHaveTitle(/^エラー: /);
    await expectTyped(one, visitor);
  }
  expect((await refused).status()).toBe(503);
  lock.exec('ROLLBACK');
  lock.close();

  await press(plainPage);
  await expectThanks(plainPage);
  await plain.close();
});

test('書きかけは、再読み込みしても、ほかのページから戻っても残り、登録すると消える', async ({ page }) => {
  const visitor = await readyToSend(page);
  await page.reload();
  await expectTyped(page, visitor);
  await page.getByRole('main').getByRole('link', { name: 'プライバシーポリシー' }).click();
  await expect(page).toHaveURL('/privacy');
  await page.goBack();
  await untilScriptRuns(page);
  await expectTyped(page, visitor);
  await press(page);
  await expectThanks(page);
  expect(await page.evaluate(() => ({ ...sessionStorage, ...localStorage }))).toEqual({});
  await page.goto('/register?cta=header');
  await untilScriptRuns(page);
  await expect(page.getByLabel('お名前')).toHaveValue('');
});
