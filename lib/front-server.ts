import '#server-only';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { describeBug, log } from '#lib/log.ts';
import { refuse, refuseUnread } from '#lib/refusal.ts';

/** Whoever needs longer for four answers, or for asking for a page, only holds a connection open. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/**
 * Node's default of 5 s ends so many connections between two clicks that, on a busy moment, one of them ends while its
 * next request is already on the way.
 */
const KEEP_ALIVE_MS = 20_000;
/** How often Node looks for those who took longer; its default of 30 s would double the time that they have. */
const CHECK_EVERY_MS = 2_000;
/** The store answers within 10 s, Next's pages within one: a connection that is silent for longer is not being read. */
const SILENCE_MS = 40_000;

/**
 * The HTTP server of the site, not yet listening, with bounds on what is slow and malformed: a connection that sends
 * nothing, half a request or reads no answer is closed within 45 s. What could not be read is refused in Japanese; the
 * rest goes to `respond`. What `respond` throws is a 500 page and a line in the log, never the end of the process.
 */
export function createFrontServer(
  respond: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  siteUrl: string,
): Server {
  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_EVERY_MS,
    // Without a host it is this site all the same; Node's own refusal has no words.
    requireHostHeader: false,
  });
  server.setTimeout(SILENCE_MS);
  server.on('request', (request, response) => {
    respond(request, response).catch((error: unknown) => {
      log.error({ event: 'request.failed', ...describeBug(error) });
      if (response.headersSent) response.destroy();
      else refuse(response, 500, siteUrl);
    });
  });
  server.on('checkExpectation', (_, response) => refuse(response, 417, siteUrl));
  server.on('connect', (_, socket) => refuseUnread(socket, undefined));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuseUnread(socket, error.code));
  return server;
}
