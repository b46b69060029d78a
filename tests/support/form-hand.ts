import type { CDPSession, Locator, Page } from 'playwright';
import { type Answer, answerOf, isTyped, type Person, type Stroke, textOf } from './form-people.ts';
import { DESK, PHONE, type Screen, scrollFor } from './form-screen.ts';
import type { Mode } from './klm.ts';

/** Fills in what a screen asks and presses its button, with nothing but the keys, mouse or finger of one mode. */
export type Hand = (screen: Screen) => Promise<void>;

/** The hand of `person`. It knows where things are by looking (their boxes on the screen), never by the count. */
export function createHand(page: Page, cdp: CDPSession, mode: Mode, person: Person): Hand {
  const sight = mode === 'touch' || mode === 'autofill' ? PHONE : DESK;
  let covered = 0;

  function find(name: string): Locator {
    if (name === 'submit') return page.locator('main form button:visible').last();
    const [question, option] = name.split('#');
    return page.locator(`main form :is([name="${question}"], [data-question="${question}"])`).nth(Number(option));
  }

  async function reach(name: string, opensKeyboard: boolean): Promise<void> {
    const target = find(name);
    if (mode === 'keyboard') {
      do await page.keyboard.press('Tab');
      while (!(await target.evaluate((element) => element === document.activeElement)));
      return;
    }
    const wanted = await scrollTo(target);
    if (wanted !== undefined) await drag(wanted);
    const { x, y } = await target.evaluate((element) => {
      const box = (element.closest('label') ?? element).getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    });
    if (mode === 'mouse') await page.mouse.click(x, y);
    else await page.touchscreen.tap(x, y);
    covered = opensKeyboard ? sight.keyboard : 0;
    const covers = opensKeyboard ? await scrollTo(target) : undefined;
    // What a phone's browser does when its keyboard would cover the field; headless Chromium has no such keyboard.
    if (covers !== undefined) await page.evaluate((top) => window.scrollTo(0, top), covers);
  }

  async function scrollTo(target: Locator): Promise<number | undefined> {
    const { top, bottom, scrolled, scrollable } = await target.evaluate((element) => {
      const box = (element.closest('label') ?? element).getBoundingClientRect();
      const room = document.documentElement.scrollHeight - innerHeight;
      return { top: box.top + scrollY, bottom: box.bottom + scrollY, scrolled: scrollY, scrollable: room };
    });
    return scrollFor({ top, bottom }, scrolled, sight.height - covered, scrollable);
  }

  /** One turn of the wheel or one stroke of a finger. */
  async function drag(top: number): Promise<void> {
    const distance = top - (await page.evaluate(() => scrollY));
    if (mode === 'mouse') await page.mouse.wheel(0, distance);
    else {
      const [from, to] = distance > 0 ? [350, 10] : [10, 350];
      await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: 8, y: from }] });
      for (let step = 1; step <= 8; step++) {
        const y = from + ((to - from) * step) / 8;
        await cdp.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x: 8, y }] });
      }
      await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    }
    await page.waitForFunction((before) => Math.abs(scrollY - before) > 1, top - distance);
    await page.evaluate(async () => {
      const frame = () => new Promise((wake) => requestAnimationFrame(wake));
      for (let still = 0, last = scrollY; still < 12; still = scrollY === last ? still + 1 : 0) {
        last = scrollY;
        await frame();
      }
    });
    // How far a stroke carries is the phone's affair: that it was needed is what counts.
    await page.evaluate((wanted) => window.scrollTo(0, wanted), top);
  }

  async function answer(question: string, kind: Screen['controls'][number]['kind'], given: Answer): Promise<void> {
    if (isTyped(given)) {
      await reach(`${question}#0`, true);
      for (const stroke of given) await type(stroke);
      const value = await find(`${question}#0`).inputValue();
      if (value !== textOf(given)) throw new Error(`「${question}」 holds 「${value}」`);
      return;
    }
    for (const option of given.choose) {
      const isMoved = mode === 'keyboard' && kind === 'radio';
      await reach(`${question}#${isMoved ? 0 : option}`, false);
      if (isMoved && option > 0) for (let moved = 0; moved < option; moved++) await page.keyboard.press('ArrowDown');
      else if (mode === 'keyboard') await page.keyboard.press('Space');
      if (!(await find(`${question}#${option}`).isChecked())) throw new Error(`「${question}」 did not take ${option}`);
    }
  }

  /** As an input method does: every key is 229 to the page until the last one accepts what was converted. */
  async function type(stroke: Stroke): Promise<void> {
    if (typeof stroke === 'string') return await page.keyboard.type(stroke);
    for (let typed = 1; typed <= stroke.romaji.length; typed++) {
      await composingKey(() => compose(stroke.romaji.slice(0, typed)));
    }
    await composingKey(() => compose(stroke.text));
    await composingKey(() => cdp.send('Input.insertText', { text: stroke.text }));
  }

  const compose = (text: string) =>
    cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });

  async function composingKey(effect: () => Promise<unknown>): Promise<void> {
    const key = { key: 'Process', windowsVirtualKeyCode: 229 };
    await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
    await effect();
    await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
  }

  /** Chromium's own filling in, as after a press on what it offers under the field. */
  async function fillAtOnce(question: string): Promise<void> {
    await cdp.send('DOM.getDocument');
    const { result } = await cdp.send('Runtime.evaluate', { expression: `document.forms[0].elements['${question}']` });
    const { node } = await cdp.send('DOM.describeNode', { objectId: result.objectId ?? '' });
    const known = { NAME_FULL: 'name', EMAIL_ADDRESS: 'email', PHONE_HOME_WHOLE_NUMBER: 'phone' };
    const fields = Object.entries(known).flatMap(([name, from]) => {
      const given = answerOf(person, from);
      return isTyped(given) ? [{ name, value: textOf(given) }] : [];
    });
    const country = { name: 'ADDRESS_HOME_COUNTRY', value: 'JP' };
    await cdp.send('Autofill.trigger', { fieldId: node.backendNodeId, address: { fields: [...fields, country] } });
    await page.waitForFunction(() => document.querySelector('main form :autofill'));
  }

  return async ({ controls }) => {
    for (const { question, kind, autocomplete } of controls) {
      const isFilled = kind === 'typed' && (await find(`${question}#0`).inputValue()) !== '';
      if (isFilled) continue;
      if (mode === 'autofill' && autocomplete !== '' && (await page.locator('main form :autofill').count()) === 0) {
        await reach(`${question}#0`, true);
        await fillAtOnce(question);
      } else await answer(question, kind, answerOf(person, question));
    }
    await reach('submit', false);
    if (mode === 'keyboard') await page.keyboard.press('Enter');
  };
}
