import { expect, type Page } from 'playwright/test';
import { LABELS } from '#lib/leads/schema.ts';
import { expectNoViolations } from './axe.ts';
import { bring, STATES, type State } from './form-states.ts';
import { test } from './site.ts';
import { expectThanks, fillIn, leadsOf, newVisitor, press } from './visitor.ts';

/** A whole run of axe takes a second or two: the chief states in every setting, the others in those that differ most. */
const CHIEF: readonly State[] = ['はじめ', '直すところ', '受付', '訂正の誤り'];
const SETTINGS = [
  { width: 390, media: {}, textSize: '100%', axe: 'always' },
  { width: 390, media: { colorScheme: 'dark', reducedMotion: 'reduce' }, textSize: '100%', axe: 'always' },
  { width: 320, media: { forcedColors: 'active' }, textSize: '100%', axe: 'chief' },
  { width: 320, media: {}, textSize: '100%', axe: 'chief' },
  { width: 640, media: {}, textSize: '200%', axe: 'chief' },
  { width: 320, media: {}, textSize: '200%', axe: 'never' },
  { width: 1280, media: {}, textSize: '100%', axe: 'chief' },
] as const;

const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

for (const state of STATES) {
  test(`${state}：axeの違反がなく、横にあふれず、押せるところは44px以上、文字は16px以上`, async ({ page }) => {
    test.slow(); // many settings, each with a whole axe run
    await page.setViewportSize({ width: 390, height: 844 });
    await bring(page, state);
    expect(await tooSmall(page)).toEqual([]);
    for (const { width, media, textSize, axe } of SETTINGS) {
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', reducedMotion: 'no-preference', ...media });
      await page.evaluate((size) => {
        document.documentElement.style.fontSize = size;
      }, textSize);
      expect(await overflow(page), `${width}px, ${textSize}`).toBeLessThanOrEqual(0);
      if ('reducedMotion' in media) expect(await moving(page)).toEqual([]);
      if (axe === 'never' || (axe === 'chief' && !CHIEF.includes(state))) continue;
      await expectNoViolations(page, 'colorScheme' in media ? 'colours' : 'all');
    }
  });
}

/** What moves by itself or on a change of state. */
function moving(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('*')].flatMap((element) => {
      const { transitionDuration, animationName } = getComputedStyle(element);
      return transitionDuration === '0s' && animationName === 'none' ? [] : [element.outerHTML.slice(0, 60)];
    }),
  );
}

/** What is pressed and lower than 44 px, what is read and smaller than 16 px. */
function tooSmall(page: Page): Promise<string[]> {
  return page.getByRole('main').evaluate((main) => {
    const pressed = 'a, button, select, textarea, label:has(input), input:not([type=radio], [type=hidden])';
    const low = [...main.querySelectorAll(pressed)].flatMap((target) => {
      // A link over two lines is as tall as one of them; what is not drawn has no lines.
      const lines = [...target.getClientRects()];
      return lines.some(({ height }) => Math.round(height) < 44)
        ? [`${target.textContent || target.getAttribute('name')}: ${lines[0]?.height}px`]
        : [];
    });
    const small = [...main.querySelectorAll('*')].flatMap((element) => {
      const ownText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
      const size = Number.parseFloat(getComputedStyle(element).fontSize);
      return ownText && size < 16 ? [`${element.textContent}: ${size}px`] : [];
    });
    return [...low, ...small];
  });
}

test('ボタンは高さ56px、欄の幅は答えに合っている', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto('/register');
  const box = async (selector: string) => page.locator(selector).boundingBox();
  expect((await box('.form-button'))?.height).toBe(56);
  expect((await box('#name'))?.width).toBe(20 * 16);
  expect((await box('#email'))?.width).toBe(30 * 16);
  expect((await box('#phone'))?.width).toBe(18 * 16);
});

test('貼り付けた全角の電話番号は、国番号や空白があっても切れず、書いたまま届く', async ({ page, site }) => {
  const visitor = newVisitor();
  const phone = page.getByLabel(LABELS.phone);
  const paste = async (number: string) => {
    await phone.selectText();
    await page.keyboard.insertText(number);
    await expect(phone).toHaveValue(number);
  };
  await page.goto('/register');
  await fillIn(page, visitor);
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 844 });
    for (const number of ['０９０−１２３４−５６７８', '＋８１　９０−１２３４−５６７８', '+81 (0)90 - 1234 - 5678']) {
      await paste(number);
      const hidden = await phone.evaluate((field) => field.scrollWidth - field.clientWidth);
      expect(hidden, `${number} ${width}px`).toBe(0);
    }
  }
  const spacedOut = `＋８１${'　'.repeat(20)}（０）９０${' '.repeat(40)}−　１２３４　−　５６７８`;
  await paste(spacedOut);
  await press(page);
  await expectThanks(page);
  expect(await leadsOf(site.dataDir, visitor)).toMatchObject([{ phone: spacedOut, phoneE164: '+819012345678' }]);
});
