import { expect, type Page } from 'playwright/test';
import { PMO_TYPES, QUIZ_QUESTIONS, TYPE_NAMES } from '#lib/quiz/schema.ts';
import { CTA_NAMES } from '#lib/site.ts';
import { expectNoViolations } from './axe.ts';
import { test } from './site.ts';
import { expectThanks, fillIn, leadsOf, newVisitor, press } from './visitor.ts';

const PAGES = ['/quiz/result?q1=1', '/quiz/control', '/quiz/control?a=222411'];

/** Besides the light phone, on which every page is looked at (every-page). */
const SETTINGS = [
  { width: 1280, media: { colorScheme: 'dark' } },
  { width: 320, media: { forcedColors: 'active' } },
] as const;

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

/** Chooses the option at each place of `code`, 0 for none. */
async function answer(page: Page, code: string): Promise<void> {
  for (const [index, { options }] of QUIZ_QUESTIONS.entries()) {
    const option = options[Number(code[index]) - 1];
    if (option) await page.getByLabel(option.text).check();
  }
}

test.describe('JavaScriptなしで診断する', () => {
  test.use({ javaScriptEnabled: false });

  test('6つの質問に答えると、答えに基づく理由とともに結果が出て、登録に結果が添えられる', async ({ page, site }) => {
    const visitor = newVisitor();
    await page.goto('/');
    await page.getByRole('link', { name: 'PMOタイプ診断を受ける' }).click();
    await answer(page, '222411');
    await page.getByRole('button', { name: '結果を見る' }).click();
    await expect(page).toHaveURL('/quiz/control?a=222411');
    await expect(heading(page)).toHaveText('管理型は、標準を作り、必要なら踏み込む');
    await expect(page.getByRole('listitem').filter({ hasText: '複数のプロジェクトを見渡せる場所' })).toContainText(
      '管理型は、複数のプロジェクトを同じ基準で比べます。',
    );
    await expect(page.getByText(/結果が「管理型」だったことを担当者に伝えます/)).toBeVisible();

    await page.getByRole('main').getByRole('link', { name: '無料で登録する' }).click();
    await expect(page.getByText('PMOタイプ診断の結果「管理型」を担当者に伝えます')).toBeVisible();
    await fillIn(page, visitor);
    await press(page);
    await expectThanks(page);
    expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ source: { cta: 'quiz-control' } }]);
    const [mail] = await site.inbox.waitFor(({ parsed }) => parsed.text?.includes(visitor.email) ?? false);
    expect(mail?.parsed.text).toContain(CTA_NAMES['quiz-control']);
  });

  test('結果を伝えずに登録することもできる', async ({ page, site }) => {
    const visitor = newVisitor();
    await page.goto('/quiz/control?a=222411');
    await page.getByRole('link', { name: '結果を伝えずに登録する' }).click();
    await expect(page.getByText('PMOタイプ診断の結果')).toHaveCount(0);
    await fillIn(page, visitor);
    await press(page);
    await expectThanks(page);
    expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ source: { cta: 'quiz' } }]);
  });

  test('答えが足りないときは、選んだ答えを残し、どの質問に答えればよいかを示す', async ({ page }) => {
    await page.goto('/quiz');
    await answer(page, '103110');
    const [answered] = await Promise.all([
      page.waitForResponse((response) => response.url().includes('/quiz/result')),
      page.getByRole('button', { name: '結果を見る' }).click(),
    ]);
    expect(answered.status()).toBe(422);
    await expect(page).toHaveTitle(/^エラー: /);
    const summary = page.getByRole('region', { name: 'まだ答えていない質問があります' });
    await expect(summary).toBeFocused();
    await expect(summary.getByRole('link')).toHaveText([
      '質問2の答えを1つ選んでください',
      '質問6の答えを1つ選んでください',
    ]);
    await expect(page.getByRole('radio', { checked: true })).toHaveCount(4);
    await summary.getByRole('link', { name: /質問6/ }).click();
    await expect(page.getByRole('group', { name: /^6\. / })).toBeInViewport();
    await answer(page, '030005');
    await page.getByRole('button', { name: '結果を見る' }).click();
    await expect(page).toHaveURL(/\/quiz\/[a-z]+\?a=133115$/);
  });

  for (const type of PMO_TYPES) {
    test(`${TYPE_NAMES[type]}：人に送るページは、答えを含まず、読む記事と診断への道がある`, async ({
      page,
      request,
    }) => {
      await page.goto(`/quiz/${type}`);
      await expect(heading(page)).toContainText(`${TYPE_NAMES[type]}は、`);
      await expect(page.locator('link[rel=canonical]')).toHaveAttribute('href', new RegExp(`/quiz/${type}$`));
      await expect(page.getByRole('heading', { name: /に近いと考えた理由/ })).toHaveCount(0);
      await expect(page.getByRole('link', { name: '6つの質問に答えてみる' })).toHaveAttribute('href', '/quiz');
      const articles = page.locator('.entry-title > a');
      await expect(articles).toHaveCount(4);
      for (const link of await articles.all()) {
        expect((await request.get((await link.getAttribute('href')) ?? '')).status()).toBe(200);
      }
    });
  }

  test('知らない答えや知らない型でも、次の道のあるページを正しい番号で返す', async ({ page, request }) => {
    for (const [address, status] of [
      ['/quiz/result', 422],
      ['/quiz/result?q1=9&q2=%00&q3=__proto__&q4=%F0%9F%98%80', 422],
      [`/quiz/result?q1=${'1'.repeat(500)}`, 422],
      ['/quiz/unknown', 404],
      ['/quiz/support/more', 404],
      ['/quiz/support?a=999999', 200],
      ['/quiz/support?a=%00', 200],
      ['/quiz?q1=1', 200],
    ] as const) {
      expect([address, (await request.get(address)).status()]).toEqual([address, status]);
    }
    const moved = await request.get('/quiz/result?q1=1&q2=1&q3=1&q4=1&q5=1&q6=1&x=1', { maxRedirects: 0 });
    expect([moved.status(), moved.headers().location]).toEqual([308, '/quiz/support?a=111111']);
    await page.goto('/quiz/unknown');
    await expect(page.getByRole('main').getByRole('link', { name: '記事一覧' })).toBeVisible();
  });

  test('サービスのページは、期限の例と費用、日付と出典のある数値を示す', async ({ page }) => {
    await page.goto('/service');
    await expect(page.getByRole('row', { name: '2026年11月27日(金)18:00 11月30日(月)18:00まで' })).toBeVisible();
    await expect(page.getByRole('row', { name: '2026年11月22日(日)15:04 11月24日(火)中に' })).toBeVisible();
    await expect(page.getByText('登録された方に、費用はかかりません。')).toBeVisible();
    await expect(page.getByText('2025年4月30日時点、').first()).toBeVisible();
  });
});

for (const path of PAGES) {
  test(`${path}：どの色でもaxeの違反がなく、320pxでも文字が200%でもあふれない`, async ({ page }) => {
    await page.goto(path);
    for (const { width, media } of SETTINGS) {
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', ...media });
      await expectNoViolations(page);
    }
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    await page.setViewportSize({ width: 320, height: 844 });
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 640, height: 844 });
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
    });
    expect(await overflow()).toBeLessThanOrEqual(0);
  });
}
