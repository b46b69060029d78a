import '#server-only';
import { randomBytes } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ErrorStatus, errorPage } from '#lib/error-page.ts';
import { readBody } from '#lib/guard.ts';
import type { Answer, NextApp, Question } from '#lib/next-app.ts';
import { chooseEncoding, encodeOnce } from '#lib/reader/encode.ts';
import { formPolicy, securityHeaders } from '#lib/reader/security-headers.ts';
import { inRequest, type RequestContext } from '#lib/request-context.ts';

/** Takes every post, whatever build its page came from; the action at `/register` takes those of its own build. */
const PLAIN_ADDRESS = '/register/receive';
const FORM_TYPES = /^(?:multipart\/form-data|application\/x-www-form-urlencoded|text\/plain)\b/i;
const DROPPED_HEADERS = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']);

type Options = { ask: NextApp['ask']; siteUrl: string; nonces: boolean };

/**
 * Answers `/register*`: pages that are made for one visitor, never kept, and take posts. An answer is held back until
 * Next has finished it, so that a post that the action could not take (an older build's, a malformed one, a throw) is
 * put to the plain address before its visitor sees a failure.
 * @param url path and query as they came. @param clientAddress the visitor's address after the guard.
 */
export function createFormPages({ ask, siteUrl, nonces }: Options) {
  return async function respond(
    request: IncomingMessage,
    response: ServerResponse,
    url: string,
    clientAddress: string,
  ): Promise<void> {
    const nonce = nonces ? randomBytes(16).toString('base64') : undefined;
    const policy = nonce ? { 'content-security-policy': formPolicy(nonce) } : {};
    // Next takes the nonce for its own scripts from the policy that the request carries.
    const question: Question = { method: 'GET', url, headers: { ...request.headers, ...policy } };
    const context: RequestContext = { clientAddress };
    let answer: Answer;
    if (request.method === 'POST') {
      if (!FORM_TYPES.test(request.headers['content-type'] ?? '')) return refuse(response, 415, siteUrl);
      const body = await readBody(request);
      if (body.status === 'refused') return refuse(response, body.code, siteUrl);
      answer = await inRequest(context, () => post({ ...question, method: 'POST', body: body.bytes }, context));
    } else {
      answer = await inRequest(context, () => ask(question));
    }
    const { page } = context;
    if (page) answer = await inRequest(context, () => ask(asVisit(question, page.path)));
    // Without script, what Next draws for a failure is a blank page or bare English; with script it reads the status.
    const failed =
      answer.status >= 500 && context.status === undefined && !answer.headers['content-type']?.includes('json');
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

  async function post(question: Question, context: RequestContext): Promise<Answer> {
    const answer = await ask(question);
    // With script the page itself goes on to the plain address: only it can read the answer.
    if (question.headers['next-action'] !== undefined || question.url.startsWith(PLAIN_ADDRESS)) return answer;
    // The action answers with a redirect or with a status of its choosing; anything else means it never ran.
    if (answer.status === 303 || context.status !== undefined) return answer;
    return ask({ ...question, url: PLAIN_ADDRESS });
  }
}

/** The same visitor's question for a page, without what belonged to the post. */
function asVisit(question: Question, url: string): Question {
  const { 'content-type': _type, 'content-length': _length, 'next-action': _action, ...headers } = question.headers;
  return { method: 'GET', url, headers };
}

/** Answers with a page of the guard: a refusal that needs neither Next nor the content. */
export function refuse(response: ServerResponse, status: ErrorStatus, siteUrl: string): void {
  const headers = securityHeaders(siteUrl, "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
  const body = Buffer.from(errorPage(status));
  response.writeHead(status, {
    ...headers,
    'content-type': 'text/html; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
    // What is left of a refused body is not read: the connection cannot be used again.
    connection: 'close',
  });
  response.end(body);
}

/**
 * Answers what Node could not read as a request, with the same page: a target and headers beyond 16 KB (a whole page
 * pasted into the search field), or bytes that are no HTTP. @param code of the `clientError`.
 */
export function refuseUnread(socket: Duplex, code: string | undefined): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const body = Buffer.from(errorPage(status));
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: ${body.length}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n`;
  socket.end(Buffer.concat([Buffer.from(head), body]));
}
