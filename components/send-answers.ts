import { type FormAnswer, formAnswerSchema } from '#lib/leads/schema.ts';

/** The server action `register`; `_previous` is what React's useActionState asks of its actions. */
export type RegisterAction = (previous: unknown, form: FormData) => Promise<FormAnswer>;

/** `unreached`: nobody knows whether it arrived. `unread`: a server answered, in a form this page does not know. */
export type Sent = FormAnswer | { status: 'unreached' } | { status: 'unread' };

/** Takes what the action cannot: posts of pages from any build. */
export const PLAIN_ADDRESS = '/register/receive';

/** The store waits at most 10 s for its lock; both ways together stay within the 30 s that a visitor may wait. */
const PATIENCE_MS = 15_000;

/**
 * Makes the function that brings the answers of one form to the server. It never throws: whatever happens to the
 * action (thrown, unknown to a newer build, 502, no answer in time), the same answers go to the plain address, with
 * the same submission id, so that arriving twice is still one lead.
 */
export function createSender(action: RegisterAction): (form: FormData) => Promise<Sent> {
  // Next sends actions one after the other: behind one that hangs, a second would wait for ever.
  let actionWorks = true;
  return async (form) => {
    if (actionWorks) {
      const answer = await inTime(action(undefined, form)).catch(() => undefined);
      const read = formAnswerSchema.safeParse(answer);
      if (read.success) return read.data;
      actionWorks = false;
    }
    return await post(form);
  };
}

async function post(form: FormData): Promise<Sent> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(PLAIN_ADDRESS, {
      method: 'POST',
      body: form,
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    body = await response.text();
  } catch {
    return { status: 'unreached' };
  }
  const read = formAnswerSchema.safeParse(parseJson(body));
  if (read.success) return read.data;
  return { status: response.status < 500 ? 'unread' : 'unreached' };
}

function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer in time')), PATIENCE_MS);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
