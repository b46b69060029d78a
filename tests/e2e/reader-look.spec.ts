import { expect, type Page } from 'playwright/test';
import { expectNoViolations } from './axe.ts';
import { test } from './site.ts';

// Reader pages as a browser shows them, from the front door and, but for axe, with JavaScript off.

const ARTICLE = '/articles/pmo-yametoke';
const PAGES = [
  '/',
  '/articles',
  ARTICLE,
  '/articles/pm-pdm-pmo',
  '/categories/work',
  '/authors/editorial-team',
  '/privacy',
  '/accessibility',
  '/about/60-seconds',
  '/quiz',
  '/service',
  '/search',
  '/no-such-page',
];
const WIDTHS = [320, 360, 390, 414, 768, 1280];
/** Besides the light phone, on which every page is looked at (every-page). */
const SETTINGS = [
  { width: 390, media: { colorScheme: 'dark', reducedMotion: 'reduce' } },
  { width: 320, media: { forcedColors: 'active' } },
  { width: 1280, media: {} },
  { width: 1280, media: { colorScheme: 'dark' } },
] as const;

const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

for (const path of PAGES) {
  test(`${path}：明るい色でも暗い色でも、強制カラーでも、axeの違反がない`, async ({ page }) => {
    await page.goto(path);
    for (const { width, media } of SETTINGS) {
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', reducedMotion: 'no-preference', ...media });
      await expectNoViolations(page, 'colorScheme' in media ? 'colours' : 'all');
    }
  });

  test(`${path}：見出しは文節で折り返し、最後の行が1文字か2文字にならない`, async ({ page }) => {
    await page.goto(path);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 844 });
      expect(await page.evaluate(badBreaks), `${width}px`).toEqual([]);
    }
  });

  test(`${path}：幅320px、文字の大きさ200%、広げた字間でも横にあふれない`, async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 844 });
    await page.goto(path);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.evaluate(() => {
      const spacing = new CSSStyleSheet();
      // The values that WCAG 2.2, 1.4.12, asks a page to bear.
      spacing.replaceSync(
        '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }',
      );
      document.adoptedStyleSheets = [spacing];
    });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 640, height: 844 });
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
    });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });

  test(`${path}：文の中のリンクのほかは、押せるところが44px以上`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(path);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('a, summary')].flatMap((target) => {
        // A title's link covers its whole row; WCAG 2.5.8 leaves out links in running text and hidden ones.
        const isInText = target.closest('.prose p, .prose li, .entry-title, .skip-link, .cta-fixed') !== null;
        const { width, height } = target.getBoundingClientRect();
        const isHidden = width === 0;
        return isInText || isHidden || (width >= 44 && height >= 44)
          ? []
          : [`${target.textContent} ${width}×${height}`];
      }),
    );
    expect(small).toEqual([]);
  });
}

/** Line breaks of headings and the like that lie inside a phrase, and last lines of one or two characters. */
function badBreaks(): string[] {
  const found: string[] = [];
  for (const heading of document.querySelectorAll('h1, h2, h3, .phrases')) {
    const walker = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    const lines = [''];
    let bottom = Number.NEGATIVE_INFINITY;
    let mayBreak = true;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Element) {
        if (node.localName === 'wbr' || node.className === 'line') mayBreak = true;
        continue;
      }
      const text = node.textContent ?? '';
      for (let index = 0; index < text.length; index++) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + 1);
        const box = range.getClientRects()[0];
        if (!box?.width) continue;
        if (lines[0] !== '' && box.top >= bottom - 2) {
          if (!mayBreak) found.push(`${lines.at(-1)}⏎${text.slice(index)}`);
          lines.push('');
        }
        lines.push(`${lines.pop()}${text[index]}`);
        bottom = box.bottom;
        mayBreak = false;
      }
    }
    if (lines.length > 1 && (lines.at(-1)?.length ?? 0) <= 2) found.push(lines.join('⏎'));
  }
  return found;
}

test.describe('JavaScriptなしで記事を読む', () => {
  test.use({ javaScriptEnabled: false });

  test('記事のページは、決まった順に並ぶ', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(ARTICLE);
    const order = [
      page.getByRole('navigation', { name: '現在の位置' }),
      page.getByRole('main').getByRole('link', { name: 'しごとを知る' }).first(),
      page.getByRole('heading', { level: 1 }),
      page.getByText(/^公開/),
      page.getByText('14分で読めます').first(),
      page.getByText('PMOの求人や案件が気になって'),
      page.locator('.cta-opening'),
      page.getByRole('navigation', { name: '目次' }),
      page.getByRole('heading', { level: 2, name: '「PMOはやめとけ」と言われる4つの理由' }),
      page.locator('.cta-middle'),
      page.getByRole('heading', { level: 2, name: 'まとめ' }),
      page.locator('.cta-end'),
      page.getByRole('heading', { name: 'この記事の執筆者' }),
      page.getByRole('heading', { name: '出典' }),
      page.getByRole('heading', { name: 'あわせて読みたい記事' }),
    ];
    const tops = await Promise.all(order.map(async (part) => (await part.boundingBox())?.y ?? Number.NaN));
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
  });

  test('下端の案内は、はじめの案内を過ぎると出て、ほかの案内や下端が見える間は消える', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(ARTICLE);
    const fixed = page.locator('.cta-fixed');
    const show = (selector: string) => page.locator(selector).evaluate((part) => part.scrollIntoView({ block: 'end' }));
    await expect(fixed).toBeHidden();
    await show('.cta-opening');
    await expect(fixed).toBeHidden();
    await show('h3 >> nth=2');
    await expect(fixed).toBeVisible();
    expect((await fixed.boundingBox())?.height).toBeLessThanOrEqual(84.4);
    await show('.cta-middle');
    await expect(fixed).toBeHidden();
    await show('.cta-end');
    await expect(fixed).toBeHidden();
    await show('.site-footer');
    await expect(fixed).toBeHidden();
  });

  test('目次は、スマートフォンでは開いて使い、広い画面では本文の横に出ている', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(ARTICLE);
    const link = page.getByRole('navigation', { name: '目次' }).getByRole('link', { name: 'まとめ' });
    await expect(link).toBeHidden();
    await page.getByText('目次', { exact: true }).click();
    await link.click();
    await expect(page.getByRole('heading', { level: 2, name: 'まとめ' })).toBeInViewport();
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(ARTICLE);
    await expect(link).toBeInViewport();
  });

  test('印刷には、登録への案内が入らない', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(ARTICLE);
    await page.locator('h3 >> nth=2').evaluate((heading) => heading.scrollIntoView());
    await expect(page.locator('.cta-fixed')).toBeVisible();
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByRole('link', { name: /登録/ })).toHaveCount(0);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  });
});
