import type { BrowserContext } from 'playwright';
import { FILLED_AT_ONCE } from './form-screen.ts';
import { type Mode, sum, type Tally } from './klm.ts';

/** What a page of the site saw happen; `at` is milliseconds since 1970. */
type Seen =
  | { kind: 'key' | 'conversion' | 'wheel' | 'submit' | 'thanks'; at: number }
  | { kind: 'press'; pointer: string; at: number }
  | { kind: 'answer'; question: string; isFilled: boolean; at: number };

/** Everything that the pages of `context` see from now on, in order; empty it to begin again. */
export async function watch(context: BrowserContext): Promise<Seen[]> {
  const seen: Seen[] = [];
  await context.exposeBinding('sawOnPage', (_source, event: Seen) => void seen.push(event));
  await context.addInitScript(() => {
    type Report = (event: object) => void;
    const report = (event: Event | undefined, rest: object): void => {
      const at = performance.timeOrigin + (event?.timeStamp ?? performance.now());
      const saw: unknown = Reflect.get(window, 'sawOnPage');
      if (typeof saw === 'function') (saw as Report)({ at, ...rest });
    };
    const on = (type: string, see: (event: Event) => object | undefined): void =>
      window.addEventListener(
        type,
        (event) => {
          const rest = event.isTrusted ? see(event) : undefined;
          if (rest) report(event, rest);
        },
        { capture: true, passive: true },
      );
    // Autofill announces itself by key events that are no KeyboardEvent.
    on('keydown', (event) => (event instanceof KeyboardEvent && !event.repeat ? { kind: 'key' } : undefined));
    on('pointerdown', (event) =>
      event instanceof PointerEvent ? { kind: 'press', pointer: event.pointerType } : undefined,
    );
    on('wheel', () => ({ kind: 'wheel' }));
    // The end of one that a test writes is not trusted, its beginning is.
    on('compositionstart', () => ({ kind: 'conversion' }));
    on('input', ({ target }) => {
      if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return undefined;
      return {
        kind: 'answer',
        question: target.name || String(target.dataset.question),
        isFilled: target.matches(':autofill'),
      };
    });
    on('submit', () => ({ kind: 'submit' }));
    if (location.pathname === '/register/thanks') {
      window.addEventListener('DOMContentLoaded', () =>
        requestAnimationFrame(() => {
          report(undefined, { kind: 'thanks' });
          Reflect.set(window, 'isThankedFor', true);
        }),
      );
    }
  });
  return seen;
}

/** What was done, counted from the events alone: no knowledge of the form, nor of what the person wanted to do. */
export function counted(seen: readonly Seen[], mode: Mode): Omit<Tally, 'characters'> {
  const parts: Partial<Tally>[] = [];
  const answered = new Set<string>();
  // The mouse is in the hand that comes to the first field; without a mouse no hand ever moves.
  let isOnMouse = mode === 'mouse';
  let isFilling = false;
  for (const event of seen) {
    switch (event.kind) {
      case 'key':
        parts.push({ keys: 1, homings: isOnMouse ? 1 : 0 });
        isOnMouse = false;
        break;
      case 'press':
      case 'wheel': {
        const isMouse = !('pointer' in event) || event.pointer === 'mouse';
        parts.push({ points: 1, homings: isMouse && !isOnMouse ? 1 : 0 });
        if (isMouse && event.kind === 'press') parts.push({ keys: 1 });
        isOnMouse = isMouse;
        break;
      }
      case 'conversion':
      case 'submit':
        parts.push({ thoughts: 1 });
        break;
      case 'answer':
        if (event.isFilled && !isFilling) parts.push(FILLED_AT_ONCE);
        if (!event.isFilled && !answered.has(event.question)) parts.push({ thoughts: 1 });
        answered.add(event.question);
        break;
      case 'thanks':
        break;
    }
    if (event.kind === 'answer') isFilling = event.isFilled;
    else if (event.kind !== 'conversion') isFilling = false;
  }
  const { characters: _unseen, ...total } = sum(...parts);
  return total;
}

/** Seconds in which the visitor waited for the site: from the last submit to the thanks page on the screen. */
export function responseSeconds(seen: readonly Seen[]): number {
  const submitted = seen.findLast(({ kind }) => kind === 'submit');
  const thanked = seen.findLast(({ kind }) => kind === 'thanks');
  if (!submitted || !thanked || thanked.at < submitted.at) throw new Error('no answer was seen after a submit');
  return (thanked.at - submitted.at) / 1000;
}
