import { z } from 'zod';
import { DRAFT_KEY, QUESTIONS, submissionIdSchema } from '#lib/leads/schema.ts';

// What was typed outlives reload, back, forward and a closed tab that is opened again: in the tab's own storage, which
// no other tab and no server sees, until the registration is accepted. Values are read from the form, never written
// into it while somebody types.

const text = z.string();
const draftSchema = z.object({ submission_id: submissionIdSchema, name: text, email: text, phone: text, start: text });
const entrySchema = z.object({ submissionId: submissionIdSchema });

/** Remembers the answers and the submission id of `form` as they stand. */
export function keepDraft(form: HTMLFormElement): void {
  const data = new FormData(form);
  const kept = ['submission_id', ...QUESTIONS].map((name) => [name, String(data.get(name) ?? '')]);
  inStorage((storage) => storage.setItem(DRAFT_KEY, JSON.stringify(Object.fromEntries(kept))));
}

/**
 * Puts a draft of this tab back into a form that arrived empty; what a visitor or browser already filled in stays.
 * @returns the submission id that belongs to it, so that sending again what may have arrived is still one lead.
 */
export function restoreDraft(form: HTMLFormElement): string | undefined {
  const entry = entrySchema.safeParse(history.state);
  const draft = draftSchema.safeParse(parse(inStorage((storage) => storage.getItem(DRAFT_KEY))));
  if (!draft.success) return entry.data?.submissionId;
  const filled = new FormData(form);
  for (const name of QUESTIONS) {
    const control = form.elements.namedItem(name);
    const isField = control instanceof HTMLInputElement || control instanceof RadioNodeList;
    if (isField && draft.data[name] && !filled.get(name)) control.value = draft.data[name];
  }
  return draft.data.submission_id;
}

/**
 * Erases the draft once it is registered. This page's place in the history keeps the id: who comes back to it and
 * sends again corrects the same lead, while a visit by a link starts a new one.
 */
export function dropDraft(form: HTMLFormElement): void {
  inStorage((storage) => storage.removeItem(DRAFT_KEY));
  const submissionId = String(new FormData(form).get('submission_id'));
  history.replaceState({ ...history.state, submissionId }, '');
}

/** Undefined where the browser forbids storage or has no room: then a draft lasts as long as the page. */
function inStorage<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(window.sessionStorage);
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

function parse(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
