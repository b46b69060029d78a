import { readEnv } from '#lib/env.ts';
import { errorPage } from '#lib/error-page.ts';
import { answerTo, STATUS } from '../answer.ts';
import { showAgain } from '../form-start.ts';

const NO_STORE = { 'cache-control': 'no-store' };

/**
 * The plain address behind the server action: takes what the action cannot (a page of another build, a script that
 * could not call it) as an ordinary form post. Asked for JSON it answers `FormAnswer`; otherwise as the form without
 * script does, with a redirect to the thanks page or the form as it was filled in.
 */
export async function POST(request: Request): Promise<Response> {
  if (!isOwnPost(request.headers)) return refusal(403);
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

/**
 * Whether a post comes from a page of this site; Next asks the same of its actions, and of route handlers nothing. A
 * foreign page cannot hide itself: browsers send `Origin` or `Sec-Fetch-Site` with every cross-site post. What sends
 * neither (old browsers, their extensions) is let in: a lead must not be lost, and there is no cookie to abuse.
 */
function isOwnPost(headers: Headers): boolean {
  const origin = headers.get('origin');
  const site = headers.get('sec-fetch-site');
  if (origin === null || origin === 'null') return site === 'same-origin' || (site === null && origin === null);
  const host = URL.parse(origin)?.host;
  return host !== undefined && (host === headers.get('host') || host === new URL(readEnv().siteUrl).host);
}

/** Undefined for a body that is no form: cut off, malformed, of another type. */
async function readForm(request: Request): Promise<FormData | undefined> {
  try {
    return await request.formData();
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { ...NO_STORE, location } });
}

function refusal(status: 400 | 403): Response {
  return new Response(errorPage(status), {
    status,
    headers: { ...NO_STORE, 'content-type': 'text/html; charset=utf-8' },
  });
}
