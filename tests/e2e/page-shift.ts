import { expect, type Page } from 'playwright/test';

/** Articles with drawings, tables, quotations and comparisons, and the longest one. */
export const LONG_ARTICLES = ['pmo-types', 'risk-issue-log', 'pmo-freelance', 'weekly-report', 'pmo-yametoke'];

/** How far things moved on the page, all pictures held back until the text stood. `without` changes the page before. */
export async function shiftOf(
  page: Page,
  url: string,
  without: (html: string) => string = (html) => html,
): Promise<number> {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/images/**', async (route) => {
    await held;
    await route.continue();
  });
  await page.route(url, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: without(await response.text()) });
  });
  await page.goto(url, { waitUntil: 'commit' });
  const shift = page.evaluate(async () => {
    const moved: number[] = [];
    const watch = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if ('value' in entry) moved.push(Number(entry.value));
    });
    watch.observe({ type: 'layout-shift', buffered: true });
    const frames = async () => {
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    };
    while (document.readyState === 'loading') await frames();
    await frames();
    document.title = 'text stands';
    for (let at = 0; at < document.body.scrollHeight; at += innerHeight) {
      scrollTo({ top: at, behavior: 'instant' });
      await frames();
      const near = [...document.images].filter((image) => image.getBoundingClientRect().top < innerHeight);
      await Promise.all(near.map((image) => image.decode()));
      await frames();
    }
    return moved.reduce((sum, value) => sum + value, 0);
  });
  await expect(page).toHaveTitle('text stands');
  release();
  const total = await shift;
  await page.unrouteAll({ behavior: 'wait' });
  return total;
}
