import '#server-only';
import { readForm } from '#lib/guard.ts';
import type { Answer, Question } from '#lib/next-app.ts';
import { answerWithPage, noteFormRead, setStatus } from '#lib/request-context.ts';
import { answerTo } from './answer.ts';
import type { FormAnswer } from './schema.ts';

// The registration form as a browser sends it without script, or as its script sends it when the action failed. It reaches
// the lead without Next: what the page's build, its action's id and Next's reader of forms have to do with it is nothing.

const STATUS: Record<FormAnswer['status'], number> = { accepted: 200, invalid: 422, limited: 429, unstored: 503 };
const NOTHING = Buffer.alloc(0);

/**
 * Registers what a post brought. Asked for JSON it answers `FormAnswer`; otherwise with a redirect to the thanks page, or
 * asks for the form as it was filled in (`answerWithPage`). Undefined for a body that is no form: cut off, malformed, of
 * another type.
 */
export async function takePlainPost({ headers, body = NOTHING }: Question): Promise<Answer | undefined> {
  const form = await readForm(String(headers['content-type']), body);
  if (!form) return undefined;
  noteFormRead();
  const answer = await answerTo(form);
  const status = STATUS[answer.status];
  if (headers.accept?.includes('application/json')) {
    return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(answer)) };
  }
  if (answer.status === 'accepted') return { status: 303, headers: { location: answer.thanks }, body: NOTHING };
  const sent = Object.fromEntries([...form].filter((field) => typeof field[1] === 'string'));
  setStatus(status);
  answerWithPage('/register', { sent, refused: answer });
  return { status, headers: {}, body: NOTHING };
}
