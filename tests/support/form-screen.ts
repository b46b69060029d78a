import type { Page } from 'playwright';
import { type Answer, answerOf, isTyped, KEYS_OF_CONVERSION, type Person, type Stroke } from './form-people.ts';
import { type Mode, sum, type Tally } from './klm.ts';

/** Places on a page: pixels from the top of the document. */
type Span = { top: number; bottom: number };

type Control = { question: string; kind: 'typed' | 'radio' | 'check'; autocomplete: string };

/** What a form asks on one screen, as its document says. Places are named `question#option`, the button `submit`. */
export type Screen = {
  controls: Control[];
  /** What Tab stops at, from the first control to the button. */
  stops: string[];
  places: Record<string, Span>;
  /** Visible characters between the first field and the button; without a field, from the form's beginning. */
  characters: number;
  scrolled: number;
  scrollable: number;
};

/** Height of what is seen, and how much of it the keyboard of a phone covers (iOS 390 x 844, Japanese keyboard). */
export type Sight = { height: number; keyboard: number };
export const PHONE: Sight = { height: 664, keyboard: 300 };
export const DESK: Sight = { height: 800, keyboard: 0 };

/** What Chromium fills in at once for a person whose address it knows. */
const KNOWN_TO_BROWSER = new Set(['name', 'email', 'tel']);

/** Choosing what the browser offers to fill in: seeing it, pressing it, and checking what it did. */
export const FILLED_AT_ONCE: Partial<Tally> = { points: 1, thoughts: 2 };

/** Where a page must be scrolled to show `span`, as a person would: to the middle; undefined when all of it is seen. */
export function scrollFor(span: Span, scrolled: number, seen: number, scrollable: number): number | undefined {
  if (span.top >= scrolled && span.bottom <= scrolled + seen) return undefined;
  const middle = Math.round((span.top + span.bottom - seen) / 2);
  const wanted = Math.min(Math.max(0, middle), scrollable);
  return wanted === Math.round(scrolled) ? undefined : wanted;
}

/** Reads the form from the document, not from what its source says. */
export function readScreen(page: Page): Promise<Screen> {
  return page.evaluate(() => {
    const form = document.querySelector('main form');
    const button = [...(form?.querySelectorAll('button') ?? [])].filter((each) => each.checkVisibility()).at(-1);
    if (!form || !button) throw new Error('no form, or no button in it');
    const places: Record<string, { top: number; bottom: number }> = {};
    const stops: string[] = [];
    const controls: { question: string; kind: 'typed' | 'radio' | 'check'; autocomplete: string }[] = [];
    const place = (name: string, element: Element): void => {
      const { top, bottom } = (element.closest('label') ?? element).getBoundingClientRect();
      places[name] = { top: top + scrollY, bottom: bottom + scrollY };
    };
    let first: Element | undefined;
    for (const element of form.querySelectorAll<HTMLElement>('a[href], button, input, textarea, select, [tabindex]')) {
      if (!element.checkVisibility() || element.tabIndex < 0 || element.matches('[type=hidden], :disabled')) continue;
      const isControl = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
      const question = isControl ? element.name || String(element.dataset.question) : '';
      const kind = element.matches('[type=radio]') ? 'radio' : element.matches('[type=checkbox]') ? 'check' : 'typed';
      const option = Object.keys(places).filter((name) => name.startsWith(`${question}#`)).length;
      const name = element === button ? 'submit' : isControl ? `${question}#${option}` : `other#${stops.length}`;
      if (kind !== 'radio' || option === 0) stops.push(name);
      place(name, element);
      if (!isControl) continue;
      first ??= element;
      if (option === 0) controls.push({ question, kind, autocomplete: element.autocomplete });
    }
    const texts = document.createTreeWalker(form, NodeFilter.SHOW_TEXT);
    let characters = 0;
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const follows = !first || first.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING;
      const precedes = button.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_PRECEDING;
      if (!follows || !precedes || !text.parentElement?.checkVisibility()) continue;
      characters += [...(text.textContent ?? '').replace(/\s/g, '')].length;
    }
    const scrollable = document.documentElement.scrollHeight - innerHeight;
    return { controls, stops, places, characters, scrolled: scrollY, scrollable };
  });
}

/** What the document of each screen demands of `person`: the count that knows nothing of what happened. */
export function demanded(screens: readonly Screen[], person: Person, mode: Mode): Tally {
  return sum(...screens.map((screen) => demandedBy(screen, person, mode)));
}

function demandedBy(screen: Screen, person: Person, mode: Mode): Tally {
  const parts: Partial<Tally>[] = [{ characters: screen.characters }];
  const points = mode === 'keyboard' ? tabs(screen) : pointing(screen, mode);
  let isFilled = false;
  for (const control of screen.controls) {
    if (mode === 'autofill' && KNOWN_TO_BROWSER.has(control.autocomplete)) {
      if (!isFilled) parts.push(points(`${control.question}#0`, true), FILLED_AT_ONCE);
      isFilled = true;
      continue;
    }
    const answer = answerOf(person, control.question);
    parts.push({ thoughts: 1 });
    if (isTyped(answer)) {
      // Hands that were on the mouse go to the keyboard and come back.
      parts.push(points(`${control.question}#0`, true), typing(answer), { homings: mode === 'mouse' ? 2 : 0 });
    } else parts.push(...choosing(control, answer, mode, points));
  }
  parts.push({ thoughts: 1 }, points('submit', false), { keys: mode === 'keyboard' ? 1 : 0 });
  return sum(...parts);
}

function typing(strokes: readonly Stroke[]): Partial<Tally> {
  const conversions = strokes.filter((stroke) => typeof stroke !== 'string');
  const plain = strokes.filter((stroke) => typeof stroke === 'string');
  const romaji = conversions.reduce((keys, { romaji }) => keys + romaji.length + KEYS_OF_CONVERSION, 0);
  return { keys: plain.join('').length + romaji, thoughts: conversions.length };
}

type Reach = (name: string, opensKeyboard: boolean) => Partial<Tally>;

function choosing(
  { question, kind }: Control,
  { choose }: Exclude<Answer, readonly Stroke[]>,
  mode: Mode,
  reach: Reach,
): Partial<Tally>[] {
  if (mode !== 'keyboard') return choose.map((option) => reach(`${question}#${option}`, false));
  if (kind === 'check') return choose.map((option) => sum(reach(`${question}#${option}`, false), { keys: 1 }));
  // Space takes the first of the group, an arrow key moves on and takes.
  return choose.map((option) => sum(reach(`${question}#0`, false), { keys: Math.max(1, option) }));
}

/** By keyboard every place is as far as Tab needs to get there. */
function tabs(screen: Screen): Reach {
  let at = -1;
  return (name) => {
    const next = screen.stops.indexOf(name);
    const keys = next - at;
    at = next;
    return { keys };
  };
}

/** One movement to each place, and one more where the page has to be moved first. A mouse also has a button. */
function pointing(screen: Screen, mode: Mode): Reach {
  const sight = mode === 'mouse' ? DESK : PHONE;
  let scrolled = screen.scrolled;
  let covered = 0;
  return (name, opensKeyboard) => {
    const span = screen.places[name];
    if (!span) throw new Error(`nothing at ${name}`);
    const moved = scrollFor(span, scrolled, sight.height - covered, screen.scrollable);
    scrolled = moved ?? scrolled;
    covered = opensKeyboard ? sight.keyboard : 0;
    // A field that the opening keyboard would cover is moved by the browser.
    if (opensKeyboard) scrolled = scrollFor(span, scrolled, sight.height - covered, screen.scrollable) ?? scrolled;
    return { points: moved === undefined ? 1 : 2, keys: mode === 'mouse' ? 1 : 0 };
  };
}
