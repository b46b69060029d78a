import '#server-only';
import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { type DraftPlace, waitingForTouch, withoutDraft } from '#lib/form-runtime.ts';
import { isOwnPost, readBody, readForm } from '#lib/guard.ts';
import type { Answer, NextApp, Question } from '#lib/next-app.ts';
import { chooseEncoding, encodeOnce } from '#lib/reader/encode.ts';
import { formPolicy, securityHeaders } from '#lib/reader/security-headers.ts';
import { refuse } from '#lib/refusal.ts';
import { inRequest, type RequestContext } from '#lib/request-context.ts';

/** Where the form's script sends what the action did not take. */
const PLAIN_ADDRESS = /^\/register\/receive(?:\?|$)/;
/** Take posts of their own, which are no registrations. */
const OTHER_ADDRESSES = /^\/register\/(?:thanks|change)\/receive(?:\?|$)/;
/** Next answers `.rsc` and the like in formats of its own; no address here has a full stop. */
const ADDRESSES = /^\/register(?:\/[a-z]+)*(?:\?|$)/;
/** The page on which somebody reads before touching anything. After a post its script has something to do at once. */
const FRESH_FORM = /^\/register(?:\?|$)/;
const RECEIPT = /^\/register\/thanks\?r=/;
const FORM_TYPES = /^(?:multipart\/form-data|application\/x-www-form-urlencoded|text\/plain)\b/i;
/** What the form's pages and addresses read. Next knows two dozen others, and answers some values of them with 500. */
const PASSED_HEADERS = ['host', 'x-forwarded-host', 'x-forwarded-for', 'x-forwarded-proto', 'referer'];
const PASSED_WITH_POSTS = [...PASSED_HEADERS, 'accept', 'content-type', 'next-action'];
/** The store answers within 10 s. Beyond this Next has lost the request, and would hold it in memory for ever. */
const ANSWER_WITHIN_MS = 25_000;
const DROPPED_HEADERS = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']);

type Options = {
  ask: NextApp['ask'];
  /** Undefined for a body that is no form. */
  takePlainPost: (post: Question) => Promise<Answer | undefined>;
  siteUrl: string;
  nonces: boolean;
  draft: DraftPlace;
};

/**
 * Answers `/register*`: pages that are made for one visitor, never kept, and take posts. `takePlainPost` is given the form as
 * it comes without script, whatever build its page came from; Next draws the pages and takes its action's posts. An answer
 * is held back until Next has finished it.
 * @param url path and query as they came. @param clientAddress the visitor's address after the guard.
 */
export function createFormPages({ ask: askNext, takePlainPost, siteUrl, nonces, draft }: Options) {
  const ask = (question: Question) => inTime(askNext(question));

  return async function respond(
    request: IncomingMessage,
    response: ServerResponse,
    url: string,
    clientAddress: string,
  ): Promise<void> {
    if (!ADDRESSES.test(url)) return refuse(response, 404, siteUrl);
    const nonce = nonces ? randomBytes(16).toString('base64') : undefined;
    const policy = nonce ? { 'content-security-policy': formPolicy(nonce) } : {};
    // Next takes the nonce for its own scripts from the policy that the request carries.
    const visit: Question = { method: 'GET', url, headers: { ...pick(request.headers, PASSED_HEADERS), ...policy } };
    const fromPage = request.headers.origin !== undefined || request.headers['sec-fetch-site'] !== undefined;
    const context: RequestContext = { clientAddress, fromPage };
    let answer: Answer;
    if (request.method === 'POST') {
      if (!FORM_TYPES.test(request.headers['content-type'] ?? '')) return refuse(response, 415, siteUrl);
      if (!isOwnPost(request.headers, siteUrl)) return refuse(response, 403, siteUrl);
      const body = await readBody(request);
      if (body.status === 'refused') return refuse(response, body.code, siteUrl);
      const type = request.headers['content-type'] ?? '';
      const isScript = request.headers['next-action'] !== undefined;
      const sent = isScript ? await writtenAnew(type, body.bytes) : { type, bytes: body.bytes };
      // A page that the plain address answered calls its action there; its script then posts again, as a form.
      if (!sent || (isScript && PLAIN_ADDRESS.test(url))) return refuse(response, 400, siteUrl);
      const headers = { ...pick(request.headers, PASSED_WITH_POSTS), ...policy, 'content-type': sent.type };
      const post: Question = { method: 'POST', url, headers, body: sent.bytes };
      const isNexts = isScript || OTHER_ADDRESSES.test(url);
      const taken = await inRequest(context, () => (isNexts ? ask(post) : takePlainPost(post)));
      if (!taken) return refuse(response, 400, siteUrl);
      answer = taken;
    } else if (PLAIN_ADDRESS.test(url)) {
      // Somebody who reloads or keeps the address of a refused post gets the form.
      answer = { status: 303, headers: { location: '/register' }, body: Buffer.alloc(0) };
    } else {
      answer = await inRequest(context, () => ask(visit));
      const finish = FRESH_FORM.test(url) ? waitingForTouch : RECEIPT.test(url) ? withoutDraft : undefined;
      if (nonce && answer.status === 200 && finish) {
        answer = { ...answer, body: Buffer.from(finish(answer.body.toString(), nonce, draft)) };
      }
    }
    const { page } = context;
    if (page) answer = await inRequest(context, () => ask({ ...visit, url: page.path }));
    // Without script, what Next draws for a failure is a blank page or bare English; with script it reads the status.
    const failed =
      answer.status >= 500 && context.status === undefined && !answer.headers['content-type']?.includes('json');
    // What failed before a form could be read failed because of what was sent.
    if (failed && request.method === 'POST' && !context.formRead) return refuse(response, 400, siteUrl);
    if (failed && request.headers['next-action'] === undefined) return refuse(response, 500, siteUrl);

    for (const [name, value] of Object.entries(answer.headers)) {
      if (value !== undefined && !DROPPED_HEADERS.has(name)) response.setHeader(name, value);
    }
    const headers = nonce ? securityHeaders(siteUrl, formPolicy(nonce)) : {};
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.setHeader('cache-control', 'no-store');
    response.setHeader('vary', 'accept-encoding');
    const encoding = chooseEncoding(request.headers['accept-encoding']?.toString());
    const body = await encodeOnce(answer.body, encoding);
    if (encoding !== 'identity') response.setHeader('content-encoding', encoding);
    response.setHeader('content-length', body.length);
    response.writeHead(answer.status === 200 ? (context.status ?? 200) : answer.status);
    response.end(request.method === 'HEAD' ? undefined : body);
  };
}

/**
 * Some headers of a request. Next compares the origin of an action with the host once more: that was decided in front
 * of it, by rules that know this site's address.
 */
function pick(headers: IncomingHttpHeaders, names: readonly string[]): Question['headers'] {
  const picked = names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]]));
  return { ...Object.fromEntries(picked), origin: `${headers['x-forwarded-proto']}://${headers.host}` };
}

/**
 * A script's body as Next is given it: a multipart is read and written anew. Next waits for ever for the end of one that its
 * own reader stumbles over where it decodes an action's arguments (16.4.6). Undefined for one that cannot be read.
 */
async function writtenAnew(type: string, bytes: Buffer): Promise<{ type: string; bytes: Buffer } | undefined> {
  if (!/^multipart\//i.test(type)) return { type, bytes };
  const form = await readForm(type, bytes);
  // In names undici's reader passes what Next's does not; no field of a page has such a name.
  if (!form || [...form.keys()].some((name) => /\p{Cc}/u.test(name))) return undefined;
  const again = new Response(form);
  return { type: again.headers.get('content-type') ?? type, bytes: Buffer.from(await again.arrayBuffer()) };
}

/** An answer that never comes is a bug or an attack; the visitor is told, with the telephone number. */
function inTime(work: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve({ status: 500, headers: {}, body: Buffer.alloc(0) }), ANSWER_WITHIN_MS);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
