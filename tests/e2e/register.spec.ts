import { expect } from 'playwright/test';
import { jstIso } from '#lib/jst.ts';
import { describeDue } from '#lib/leads/deadline.ts';
import { readReceipt, signReceipt } from '#lib/leads/receipt.ts';
import { secrets } from '#lib/secrets.ts';
import { untilScriptRuns } from '../support/script-runs.ts';
import { test } from './site.ts';
import { expectThanks, fillIn, leadsOf, newVisitor, press } from './visitor.ts';

const ARTICLE = 'pmo-yametoke';

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'スクリプトあり' : 'スクリプトなし', () => {
    test.use({ javaScriptEnabled, viewport: { width: 390, height: 844 } });

    test('案内から登録すると、保存されたとおりの受付番号と期限と内容が出て、記事に戻れる', async ({ page, site }) => {
      const visitor = newVisitor();
      await page.goto(`/articles/${ARTICLE}`);
      await page.getByRole('main').getByRole('link', { name: '無料で登録する' }).first().click();
      await expect(page).toHaveURL(`/register?from=${ARTICLE}&cta=opening`);
      await fillIn(page, visitor);
      await press(page);
      await expectThanks(page);

      const [lead, ...others] = await leadsOf(site.dataDir, visitor);
      if (!lead) throw new Error('no lead');
      expect(others).toEqual([]);
      expect(lead).toMatchObject({
        ...visitor,
        phoneE164: '+819012345678',
        source: { article: ARTICLE, cta: 'opening' },
      });
      const due = page.getByRole('main').locator('time', { hasText: describeDue(lead.replyDueAt) });
      await expect(due).toHaveAttribute('datetime', jstIso(lead.replyDueAt));
      await expect(page.getByText(lead.number)).toBeVisible();
      await expect(page.getByText(visitor.name)).toBeVisible();
      await page.getByRole('link', { name: '読んでいた記事に戻る' }).click();
      await expect(page).toHaveURL(`/articles/${ARTICLE}`);
    });

    test('受付のページは、あとで開いても、途中で切れた住所で開いても、やさしく答える', async ({ page }) => {
      for (const address of ['/register/thanks', '/register/thanks?r=', '/register/thanks?r=AAAA&r=BBBB']) {
        const answer = await page.goto(address);
        expect(answer?.status()).toBe(200);
        expect(answer?.headers()['cache-control']).toBe('no-store');
        await expect(page.getByRole('heading', { level: 1 })).toHaveText('登録の受付');
        await expect(page.locator('meta[name=robots]')).toHaveAttribute('content', /noindex/);
      }
    });
  });
}

test('フォームも受付も、自分のコンテンツセキュリティポリシーに反することをせず、何も訴えない', async ({ page }) => {
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  await page.addInitScript(() =>
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) =>
      console.error(`${violatedDirective}: ${blockedURI} (${sourceFile})`),
    ),
  );
  await page.goto('/register');
  await untilScriptRuns(page);
  await press(page);
  await fillIn(page, newVisitor());
  await press(page);
  await expectThanks(page);
  expect(said).toEqual([]);
});

test('受付のページは、1時間を過ぎると書いた内容を出さず、30日を過ぎると番号も出さない', async ({ page, site }) => {
  const visitor = newVisitor();
  await page.goto('/register');
  await fillIn(page, visitor);
  await press(page);
  await expectThanks(page);
  const [lead] = await leadsOf(site.dataDir, visitor);
  const key = secrets(site.dataDir).signingKey;
  const token = new URL(page.url()).searchParams.get('r') ?? '';
  expect(readReceipt(token, new Date(), key)).toEqual({ status: 'valid', leadId: lead?.id, fresh: true });

  const openedAfter = async (hours: number) => {
    const signedAt = new Date(Date.now() - hours * 3_600_000);
    await page.goto(`/register/thanks?r=${signReceipt({ leadId: lead?.id ?? '' }, signedAt, key)}`);
    return page.getByRole('main').innerText();
  };
  const nextDay = await openedAfter(2);
  expect(nextDay).toContain(lead?.number);
  for (const typed of [visitor.name, visitor.email, visitor.phone]) expect(nextDay).not.toContain(typed);
  const nextMonth = await openedAfter(31 * 24);
  expect(nextMonth).toContain('ここに表示できる受付の記録はありません');
  expect(nextMonth).not.toContain(lead?.number);
});

test('もう読めない記事から登録した人は、記事の一覧へ案内する', async ({ page }) => {
  await page.goto('/register?from=no-such-article&cta=end');
  await fillIn(page, newVisitor());
  await press(page);
  await expectThanks(page);
  await page.getByRole('main').getByRole('link', { name: '記事一覧へ' }).click();
  await expect(page).toHaveURL('/articles');
});
