import { expect, type Locator } from 'playwright/test';
import { ANSWER_MESSAGES } from '#lib/leads/schema.ts';
import { untilScriptRuns } from '../support/script-runs.ts';
import { test } from './site.ts';
import { expectThanks, expectTyped, fillIn, leadsOf, newVisitor, press } from './visitor.ts';

const WRONG = { name: '山田　太郎', email: 'yamada@', phone: '090-1234', start: 'undecided' } as const;

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'スクリプトあり' : 'スクリプトなし', () => {
    test.use({ javaScriptEnabled, viewport: { width: 390, height: 844 } });

    test('直すところの一覧が最初に出て、焦点が移り、書いたものは残る', async ({ page }) => {
      const answers: number[] = [];
      page.on('response', (answer) => answer.request().method() === 'POST' && answers.push(answer.status()));
      await page.goto('/register?from=pmo-yametoke&cta=end');
      if (javaScriptEnabled) await untilScriptRuns(page);
      await fillIn(page, WRONG);
      await press(page);

      const summary = page.getByRole('region', { name: '入力内容に問題があります' });
      await expect(summary).toBeFocused();
      await expect(summary.getByRole('link')).toHaveText([ANSWER_MESSAGES.emailForm, ANSWER_MESSAGES.phoneShort]);
      await expect(page.locator('main section, main h1').first()).toHaveClass('error-summary');
      await expect(page).toHaveTitle(/^エラー: 無料登録/);
      await expectTyped(page, WRONG);
      await expect(page.getByLabel('メールアドレス')).toHaveAccessibleDescription(ANSWER_MESSAGES.emailForm);
      expect(answers).toEqual(javaScriptEnabled ? [] : [422]);
    });

    test('一覧から欄へ移ると、見出しごと画面に入り、焦点が当たる', async ({ page }) => {
      await page.goto('/register');
      if (javaScriptEnabled) await untilScriptRuns(page);
      await press(page);
      const links = page.getByRole('region', { name: '入力内容に問題があります' }).getByRole('link');
      await expect(links).toHaveCount(4);
      for (const [message, label, field] of [
        [ANSWER_MESSAGES.nameEmpty, page.getByText('お名前', { exact: true }), page.getByLabel('お名前')],
        [ANSWER_MESSAGES.phoneEmpty, page.getByText('電話番号', { exact: true }), page.getByLabel('電話番号')],
        [ANSWER_MESSAGES.startEmpty, page.locator('legend'), page.getByLabel('すぐに')],
      ] satisfies [string, Locator, Locator][]) {
        await links.filter({ hasText: message }).click();
        await expect(field).toBeFocused();
        await expect(label).toBeInViewport({ ratio: 1 });
        await expect(field).toBeInViewport({ ratio: 1 });
      }
    });

    test('直してもう一度送ると、来た記事と案内もそのままに登録される', async ({ page, site }) => {
      const visitor = newVisitor();
      await page.goto('/register?from=pmo-yametoke&cta=end&utm_source=news&utm_medium=mail');
      await fillIn(page, { ...visitor, phone: '03-1234' });
      const id = await page.locator('[name=submission_id]').inputValue();
      await press(page);
      await expect(page.getByRole('link', { name: ANSWER_MESSAGES.phoneShort })).toBeVisible();
      await expect(page.locator('[name=submission_id]')).toHaveValue(id);
      await page.getByLabel('電話番号').fill(visitor.phone);
      await press(page);
      await expectThanks(page);
      expect(await leadsOf(site.dataDir, visitor)).toMatchObject([
        { revision: 1, source: { article: 'pmo-yametoke', cta: 'end', utm: 'utm_source=news&utm_medium=mail' } },
      ]);
    });
  });
}
