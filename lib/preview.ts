import '#server-only';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NextApp } from '#lib/next-app.ts';
import { followChanges } from '#lib/preview-script.ts';
import { finish } from '#lib/reader/finish.ts';

const BEAT_MS = 25_000;

export type Preview = {
  /** Answers what stands under `/preview`. */
  respond(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void>;
  /** Tells every open page that something in the content folder changed. */
  tell(): void;
  /** Ends the connections over which pages are told. */
  close(): void;
};

/**
 * The editors' preview of `npm run dev`. Its pages are drawn by Next and finished like those of readers, so they look as
 * those will; instead of Next's own they carry one script that fetches what changed.
 */
export function createPreview(next: Pick<NextApp, 'ask' | 'handle'>): Preview {
  const told = new Set<ServerResponse>();
  const beat = setInterval(() => send(': \n\n'), BEAT_MS).unref();

  function send(text: string): void {
    for (const response of told) response.write(text);
  }

  return {
    async respond(request, response, pathname) {
      if (pathname === '/preview/changes') {
        response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
        response.write('data: now\n\n');
        told.add(response);
        response.on('close', () => told.delete(response));
        return;
      }
      if (/^\/preview\/(?:view|share)(?:\/|$)/.test(pathname)) return next.handle(request, response);
      const { host, 'x-forwarded-host': forwarded = host } = request.headers;
      const answer = await next.ask({ method: 'GET', url: pathname, headers: { host, 'x-forwarded-host': forwarded } });
      const finished = finish(answer.body.toString(), () => undefined);
      const page = finished.status === 'finished' ? withScript(finished.html) : answer.body;
      response.writeHead(answer.status, {
        'content-type': answer.headers['content-type'] ?? 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'x-robots-tag': 'noindex',
      });
      response.end(page);
    },
    tell: () => send('data: changed\n\n'),
    close() {
      clearInterval(beat);
      for (const response of told) response.end();
    },
  };
}

/** Its source goes into the page as it stands: Node has only taken the types out. */
function withScript(html: string): string {
  const script = `<script>(${followChanges})()</script>`;
  return html.replace('</body>', () => `${script}</body>`);
}
