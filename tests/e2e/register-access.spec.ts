import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from 'playwright/test';
import { test } from './site.ts';
import { expectThanks, fillIn, newVisitor, press, untilScriptRuns } from './visitor.ts';

type State = 'はじめ' | '直すところ' | '届かない' | '受付' | '記録のない受付';

/** Brings the page into one of the states that a visitor can meet. */
async function bring(page: Page, state: State): Promise<void> {
  await page.goto(state === '記録のない受付' ? '/register/thanks' : '/register?from=pmo-yametoke&cta=opening');
  if (state !== '記録のない受付') await untilScriptRuns(page);
  switch (state) {
    case 'はじめ':
    case '記録のない受付':
      return;
    case '直すところ':
      await press(page);
      await expect(page.getByRole('region', { name: '入力内容に問題があります' })).toBeFocused();
      return;
    case '届かない':
      await page.route(/\/register/, (route) =>
        route.request().method() === 'POST' ? route.abort() : route.continue(),
      );
      await fillIn(page, newVisitor());
      await press(page);
      await expect(page.getByRole('main').getByRole('alert')).toBeFocused();
      return;
    case '受付':
      await fillIn(page, newVisitor());
      await press(page);
      await expectThanks(page);
  }
}

const STATES: State[] = ['はじめ', '直すところ', '届かない', '受付', '記録のない受付'];
const SETTINGS = [
  { width: 390, media: {}, textSize: '100%' },
  { width: 390, media: { colorScheme: 'dark', reducedMotion: 'reduce' }, textSize: '100%' },
  { width: 320, media: { forcedColors: 'active' }, textSize: '100%' },
  { width: 320, media: {}, textSize: '100%' },
  { width: 640, media: {}, textSize: '200%' },
  { width: 1280, media: {}, textSize: '100%' },
] as const;
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

for (const state of STATES) {
  test(`${state}：axeの違反がなく、幅320px、文字の大きさ200%でも横にあふれない`, async ({ page }) => {
    test.slow(); // five settings, each with a whole axe run
    for (const { width, media, textSize } of SETTINGS) {
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', reducedMotion: 'no-preference', ...media });
      await bring(page, state);
      await page.evaluate((size) => {
        document.documentElement.style.fontSize = size;
      }, textSize);
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      await page.unrouteAll();
    }
  });

  test(`${state}：押せるところは44px以上、文字は16px以上`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await bring(page, state);
    const sizes = await page.getByRole('main').evaluate((main) => {
      const targets = main.querySelectorAll('a, button, label:has(input), input:not([type=radio], [type=hidden])');
      return [...targets].map((target) => {
        // A link over two lines is as tall as one of them.
        const { height } = target.getClientRects()[0] ?? { height: 0 };
        return { what: target.textContent || target.getAttribute('name'), height: Math.round(height) };
      });
    });
    expect(sizes.filter(({ height }) => height < 44)).toEqual([]);
    const small = await page.getByRole('main').evaluate((main) =>
      [...main.querySelectorAll('*')].flatMap((element) => {
        const ownText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
        const size = Number.parseFloat(getComputedStyle(element).fontSize);
        return ownText && size < 16 ? [`${element.textContent}: ${size}px`] : [];
      }),
    );
    expect(small).toEqual([]);
  });
}

test('ボタンは高さ56px、欄の幅は答えに合っている', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto('/register');
  const box = async (selector: string) => page.locator(selector).boundingBox();
  expect((await box('.form-button'))?.height).toBe(56);
  expect((await box('#name'))?.width).toBe(20 * 16);
  expect((await box('#email'))?.width).toBe(30 * 16);
  expect((await box('#phone'))?.width).toBe(13 * 16);
});

test('マウスなしで、上から順に答えて登録できる', async ({ page }) => {
  const visitor = newVisitor();
  await page.goto('/register');
  await untilScriptRuns(page);
  await page.getByLabel('お名前').focus();
  await page.keyboard.type(visitor.name);
  await page.keyboard.press('Tab');
  await page.keyboard.type(visitor.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(visitor.phone);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByLabel('1か月以内')).toBeChecked();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('main').getByRole('link', { name: 'プライバシーポリシー' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: '同意して無料登録する' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expectThanks(page);
});

test('読み上げに、質問と選択肢と誤りが順に伝わる', async ({ page }) => {
  await bring(page, '直すところ');
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - main:
      - region "入力内容に問題があります":
        - heading "入力内容に問題があります" [level=2]
        - list:
          - listitem:
            - link "お名前を入力してください"
          - listitem:
            - link "メールアドレスを入力してください"
          - listitem:
            - link "電話番号を入力してください"
          - listitem:
            - link "いつから稼働できるかを選んでください"
      - heading "無料登録" [level=1]
      - paragraph: すべて必須です
      - text: お名前
      - paragraph: お名前を入力してください
      - textbox "お名前"
      - text: メールアドレス
      - paragraph: メールアドレスを入力してください
      - textbox "メールアドレス"
      - text: 電話番号
      - paragraph: ハイフンはなくても構いません
      - paragraph: 電話番号を入力してください
      - textbox "電話番号"
      - group "いつから稼働できますか":
        - paragraph: いつから稼働できるかを選んでください
        - radio "すぐに"
        - radio "1か月以内"
        - radio "3か月以内"
        - radio "未定・情報収集"
      - paragraph:
        - link "プライバシーポリシー"
      - button "同意して無料登録する"
      - status
  `);
});
