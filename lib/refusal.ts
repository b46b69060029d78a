import '#server-only';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ErrorStatus, errorPage } from '#lib/error-page.ts';
import { securityHeaders } from '#lib/reader/security-headers.ts';

// Answers that need neither Next nor the content. A connection that is closed while bytes are on their way takes the
// answer with it before the visitor's browser has read it (RFC 9112, 9.6): so a little is read on, for a moment.

const LINGER_BYTES = 1024 * 1024;
const LINGER_MS = 2000;

/** Answers with a page of the guard; what is left of the request is not used, and the connection closed. */
export function refuse(response: ServerResponse, status: ErrorStatus, siteUrl: string): void {
  const body = Buffer.from(errorPage(status));
  response.writeHead(status, {
    ...securityHeaders(siteUrl, "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
    'content-type': 'text/html; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
    connection: 'close',
  });
  if (response.req.method !== 'HEAD') response.write(body);
  void onceRead(response.req).then(() => response.end());
}

/** Resolves when a request has come to its end, or when waiting for that takes too much. */
function onceRead(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LINGER_MS);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > LINGER_BYTES) done();
    });
    request.on('end', done).on('close', done).resume();
  });
}

/**
 * Answers what Node could not read as a request, with the same page: a target and headers beyond 16 KB (a whole page
 * pasted into the search field), bytes that are no HTTP, or what did not come in time. @param code of the `clientError`.
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
  // A peer that goes on sending would keep its half of the connection open for ever.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
