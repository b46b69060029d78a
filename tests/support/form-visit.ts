import type { Browser, Page } from 'playwright';
import { createHand, type Hand } from './form-hand.ts';
import { counted, responseSeconds, watch } from './form-observer.ts';
import { PEOPLE, type PersonId } from './form-people.ts';
import { DESK, demanded, PHONE, readScreen, type Screen } from './form-screen.ts';
import type { Mode, Tally } from './klm.ts';
import { untilScriptRuns } from './script-runs.ts';

/** One way through the form, counted twice: from what happened, and from what its documents demand. */
export type Visit = { happened: Tally; demanded: Tally; responseSeconds: number; screens: number };

/** A machine that runs other tests at the same time is slow, and nothing here is judged by it. */
const PATIENCE_MS = 60_000;

/**
 * Goes through the form of the site at `url` from the first field to the thanks page as `person`, by `mode` alone.
 * `change` may alter the page once its script runs, before anything is read of it.
 * @throws when it does not come to the thanks page, or a field does not hold what was typed.
 */
export async function visitForm(
  browser: Browser,
  url: string,
  { mode, person, change }: { mode: Mode; person: PersonId; change?: ((page: Page) => Promise<void>) | undefined },
): Promise<Visit> {
  const isPhone = mode === 'touch' || mode === 'autofill';
  const context = await browser.newContext({
    locale: 'ja-JP',
    viewport: isPhone ? { width: 390, height: PHONE.height } : { width: 1280, height: DESK.height },
    hasTouch: isPhone,
    isMobile: isPhone,
    reducedMotion: 'reduce',
  });
  try {
    const seen = await watch(context);
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${url}/register`);
    await untilScriptRuns(page);
    await change?.(page);
    await comeToForm(page, mode);
    seen.length = 0;
    const hand = createHand(page, await context.newCDPSession(page), mode, PEOPLE[person]);
    const screens = await throughScreens(page, hand);
    return {
      // Reading leaves no event: what there is to read comes from the page in both counts.
      happened: { ...counted(seen, mode), characters: screens.reduce((all, { characters }) => all + characters, 0) },
      demanded: demanded(screens, PEOPLE[person], mode),
      responseSeconds: responseSeconds(seen),
      screens: screens.length,
    };
  } finally {
    await context.close();
  }
}

/** What comes before the clock starts: the first field is in view; by keyboard it is one Tab away. */
async function comeToForm(page: Page, mode: Mode): Promise<void> {
  const first = page.locator('main form input:visible').first();
  await first.scrollIntoViewIfNeeded();
  if (mode !== 'keyboard') return;
  do await page.keyboard.press('Tab');
  while (!(await first.evaluate((field) => field === document.activeElement)));
  await page.keyboard.press('Shift+Tab');
}

/** Fills in and presses, screen after screen, until thanked. */
async function throughScreens(page: Page, hand: Hand): Promise<Screen[]> {
  const screens: Screen[] = [];
  for (;;) {
    const screen = await readScreen(page);
    screens.push(screen);
    if (screens.length > 3) throw new Error('more screens than anybody would go through');
    await hand(screen);
    const came = await page.waitForFunction((controls) => {
      // Set by the observer once the page has been drawn.
      if (Reflect.get(window, 'isThankedFor')) return 'thanks';
      if (location.pathname === '/register/thanks') return false;
      if (document.title.startsWith('エラー:')) return 'refused';
      const visible = [...document.querySelectorAll<HTMLElement>('main form :is(input, textarea)')].filter(
        (control) => control.checkVisibility() && control.tabIndex >= 0 && !control.matches('[type=hidden]'),
      );
      const questions = new Set(visible.map((control) => control.getAttribute('name') ?? control.dataset.question));
      return questions.size === controls ? false : 'screen';
    }, screen.controls.length);
    const where = await came.jsonValue();
    if (where === 'thanks') return screens;
    if (where === 'refused') throw new Error(`refused: ${await page.locator('main').innerText()}`);
  }
}
