import { expect, type Page } from 'playwright/test';
import { LONG_ARTICLES, shiftOf } from './page-shift.ts';
import { test } from './site.ts';

// Under fingers, what is far below is laid out when a reader comes near (components/prose.css).

test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

/** How many parts of the text are not laid out yet. */
const partsWaiting = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const parts = [...document.querySelectorAll('.prose > * > *')];
    return parts.filter((part) => !part.checkVisibility({ contentVisibilityAuto: true })).length;
  });

/** The most pixels by which the heading jumped to moved in view, while the text around it takes its size. */
const slipLanding = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const tops: number[] = [];
    let last = -1;
    for (let still = 0; still < 5; still = scrollY === last ? still + 1 : 0) {
      last = scrollY;
      tops.push(document.querySelector(':target')?.getBoundingClientRect().top ?? Number.NaN);
      await new Promise(requestAnimationFrame);
    }
    return Math.max(...tops) - Math.min(...tops);
  });

/** The most pixels by which a line in view was elsewhere than the finger took it, from here to the top. */
const slipScrollingBack = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    let most = 0;
    while (scrollY > 0) {
      // The last one that begins above the middle: the article around it grows while far paragraphs take their size.
      const blocks = [...document.querySelectorAll('main :is(h1, h2, h3, p, li, tr)')];
      const line = blocks.findLast((block) => block.getBoundingClientRect().top < innerHeight / 2);
      const [from, before] = [scrollY, line?.getBoundingClientRect().top ?? 0];
      const step = Math.min(300, from);
      scrollBy({ top: -step, behavior: 'instant' });
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
      const moved = (line?.getBoundingClientRect().top ?? 0) - before;
      most = Math.max(most, Math.abs(moved - step));
    }
    return most;
  });

test('遠くの段落は近づいてから組まれ、それでも何も動かず、目次の先へ届き、戻っても同じところにある', async ({
  page,
  site,
}) => {
  for (const slug of LONG_ARTICLES) {
    const url = `${site.url}/articles/${slug}`;
    expect(await shiftOf(page, url), slug).toBe(0);
    await page.goto('about:blank');
    await page.goto(url);
    expect(await partsWaiting(page), slug).toBeGreaterThan(0);
    const last = page.locator('.prose h2').last();
    await page.goto(`${url}#${await last.getAttribute('id')}`);
    await expect(last).toBeInViewport();
    expect(await slipLanding(page), slug).toBeLessThanOrEqual(1);
    expect(await slipScrollingBack(page), slug).toBeLessThanOrEqual(1);
  }
  // The measure itself: where the browser does not hold on to what is read, the text slips.
  await page.goto('about:blank');
  await page.goto(`${site.url}/articles/pmo-yametoke`);
  await page.evaluate(() => {
    document.documentElement.style.overflowAnchor = 'none';
    scrollTo({ top: document.body.scrollHeight, behavior: 'instant' });
  });
  expect(await slipScrollingBack(page)).toBeGreaterThan(1);
});
