import { type APIRequestContext, expect } from 'playwright/test';
import { formAnswerSchema } from '#lib/leads/schema.ts';
import { site as operator } from '#lib/site.ts';
import { test } from './site.ts';
import { expectThanks, expectTyped, fillIn, leadsOf, newVisitor, press, type Visitor } from './visitor.ts';

// The plain address behind the action, and posts that do not come from a page of this build.

const ADDRESS = '/register/receive';

function post(request: APIRequestContext, visitor: Visitor, headers: Record<string, string>, id = crypto.randomUUID()) {
  return request.post(ADDRESS, { headers, multipart: { ...visitor, submission_id: id }, maxRedirects: 0 });
}

test('受け付けたら303で受付のページへ、JSONを求められたらJSONで答える', async ({ request, site }) => {
  const visitor = newVisitor();
  const id = crypto.randomUUID();
  const answer = await post(request, visitor, { origin: site.url }, id);
  expect(answer.status()).toBe(303);
  const { location, 'cache-control': caching } = answer.headers();
  expect(location).toMatch(/^\/register\/thanks\?r=[\w-]+$/);
  expect(caching).toBe('no-store');

  const again = await post(request, visitor, { origin: site.url, accept: 'application/json' }, id);
  expect(again.status()).toBe(200);
  expect(formAnswerSchema.parse(await again.json())).toMatchObject({ status: 'accepted' });
  expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ revision: 1 }]);

  const wrong = await post(request, { ...visitor, name: '' }, { origin: site.url, accept: 'application/json' });
  expect(wrong.status()).toBe(422);
  expect(await wrong.json()).toMatchObject({ status: 'invalid', faults: [{ field: 'name' }] });
});

for (const [where, headers] of [
  ['ほかのサイト', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['同じ名前で始まるほかのサイト', { origin: 'http://localhost.evil.example' }],
  ['送り元を隠したほかのサイト', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ['送り元を隠した古いブラウザー', { origin: 'null' }],
  ['読めない送り元', { origin: 'not an address' }],
  ['送り元を書かないほかのサイト', { 'sec-fetch-site': 'cross-site' }],
] satisfies [string, Record<string, string>][]) {
  test(`${where}からの送信は、日本語で断り、保存しない`, async ({ request, site }) => {
    const visitor = newVisitor();
    const answer = await post(request, visitor, headers);
    expect(answer.status()).toBe(403);
    expect(await answer.text()).toContain('当サイトのフォーム以外から送信されたため');
    expect(await leadsOf(site.dataDir, visitor)).toEqual([]);
  });
}

test('送り元を書かない古いブラウザーや、送り元を隠す設定の人からは受け付ける', async ({ request, site }) => {
  for (const headers of [{}, { origin: 'null', 'sec-fetch-site': 'same-origin' }]) {
    const visitor = newVisitor();
    expect((await post(request, visitor, headers)).status()).toBe(303);
    expect(await leadsOf(site.dataDir, visitor)).toHaveLength(1);
  }
});

test('フォームとして読めない送信は、日本語の4xxで断る', async ({ request, site }) => {
  for (const address of ['/register', ADDRESS]) {
    const answer = await request.post(address, {
      headers: { origin: site.url, 'content-type': 'multipart/form-data; boundary=x' },
      data: Buffer.from('--y\r\nContent-Disposition: form-data; name="name"\r\n\r\nno end'),
    });
    expect(answer.status()).toBe(400);
    expect(await answer.text()).toContain('<html lang="ja">');
  }
});

test('住所を開いただけの人は、フォームへ案内する', async ({ page }) => {
  await page.goto(ADDRESS);
  await expect(page).toHaveURL('/register');
});

test.describe('スクリプトなし', () => {
  test.use({ javaScriptEnabled: false });

  test('知らないビルドのページから送っても登録され、直すところがあれば書いたものが残る', async ({
    page,
    site,
    browser,
  }) => {
    const visitor = newVisitor();
    await page.goto('/register?from=pmo-yametoke');
    // The page of another build: the same form, with an action that this build does not know.
    const html = (await page.content()).replaceAll(
      /&quot;id&quot;:&quot;\w+&quot;/g,
      '&quot;id&quot;:&quot;60dead&quot;',
    );
    expect(html).toContain('60dead');
    const context = await browser.newContext({ javaScriptEnabled: false, baseURL: site.url });
    const old = await context.newPage();
    await old.route(/\/register\?from/, (route) =>
      route.request().method() === 'GET'
        ? route.fulfill({ body: html, contentType: 'text/html; charset=utf-8' })
        : route.continue(),
    );
    await old.goto('/register?from=pmo-yametoke');
    await fillIn(old, { ...visitor, phone: '03' });
    await press(old);
    await expect(old).toHaveTitle(/^エラー: /);
    await expectTyped(old, { ...visitor, phone: '03' });
    await old.goto('/register?from=pmo-yametoke');
    await fillIn(old, visitor);
    await press(old);
    await expectThanks(old);
    expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ source: { article: 'pmo-yametoke' } }]);
    await context.close();
  });

  test('断られて戻ったページから、直して送れば登録される', async ({ page, site }) => {
    const visitor = newVisitor();
    // The last way out of a page whose script could not read any answer: a native post to the plain address.
    await page.goto('/register');
    await page.setContent(
      `<form method="post" action="${site.url}${ADDRESS}" enctype="multipart/form-data"><input name="name" value="${visitor.name}"><button>送る</button></form>`,
    );
    await page.getByRole('button', { name: '送る' }).click();
    await expect(page).toHaveTitle(/^エラー: /);
    await expect(page.getByLabel('お名前')).toHaveValue(visitor.name);
    await fillIn(page, visitor);
    await press(page);
    await expectThanks(page);
    expect(await leadsOf(site.dataDir, visitor)).toHaveLength(1);
  });
});

test('断られたあとのページでスクリプトが動いていても登録される', async ({ page, site }) => {
  const visitor = newVisitor();
  await page.goto('/register');
  await page.locator('form').evaluate((form: HTMLFormElement, address) => {
    form.action = address;
    form.submit();
  }, ADDRESS);
  await expect(page).toHaveTitle(/^エラー: /);
  await fillIn(page, visitor);
  await press(page);
  await expectThanks(page);
  expect(await leadsOf(site.dataDir, visitor)).toHaveLength(1);
});

test('どの答えにも、書いた人の情報が住所やクッキーに出ない', async ({ page, context }) => {
  const visitor = newVisitor();
  const addresses: string[] = [];
  page.on('request', (request) => addresses.push(decodeURIComponent(request.url())));
  await page.goto('/register');
  await fillIn(page, { ...visitor, phone: '03' });
  await press(page);
  await expect(page).toHaveTitle(/^エラー: /);
  await fillIn(page, visitor);
  await press(page);
  await expectThanks(page);
  expect(addresses.filter((address) => address.includes(visitor.email) || address.includes('山'))).toEqual([]);
  expect(await page.title()).toBe(`登録を受け付けました｜${operator.name}`);
  expect(await context.cookies()).toEqual([]);
});
