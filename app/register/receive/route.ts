import { answerTo, STATUS } from '../answer.ts';
import { showAgain } from '../form-start.ts';
import { NO_STORE, readForm, refusal, seeOther } from '../own-post.ts';

/**
 * The plain address behind the server action: takes what the action cannot (a page of another build, a script that
 * could not call it) as an ordinary form post. Asked for JSON it answers `FormAnswer`; otherwise as the form without
 * script does, with a redirect to the thanks page or the form as it was filled in.
 */
export async function POST(request: Request): Promise<Response> {
  // A page that this address answered calls its action here, in a format of React's own; its script then posts again.
  if (request.headers.has('next-action')) return refusal(400);
  const form = await readForm(request);
  if (!form) return refusal(400);
  const answer = await answerTo(form);
  if (request.headers.get('accept')?.includes('application/json')) {
    return Response.json(answer, { status: STATUS[answer.status], headers: NO_STORE });
  }
  if (answer.status === 'accepted') return seeOther(answer.thanks);
  showAgain(form, answer);
  return new Response(null, { status: STATUS[answer.status] });
}

/** Somebody who reloads or keeps the address of a refused post gets the form. */
export function GET(): Response {
  return seeOther('/register');
}
