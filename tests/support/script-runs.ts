import type { Page } from 'playwright';

/**
 * Moves over a form page, for which its script waits (lib/form-runtime.ts), until the script runs: before that a press of
 * the button is a plain post, which is another way to the same page.
 */
export async function untilScriptRuns(page: Page): Promise<void> {
  await page.evaluate(() => dispatchEvent(new PointerEvent('pointermove')));
  await page.waitForFunction(() => {
    const form = document.querySelector('form');
    return form !== null && Object.keys(form).some((key) => key.startsWith('__reactProps'));
  });
}
