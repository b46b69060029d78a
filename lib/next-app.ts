import '#server-only';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import inject from 'light-my-request';
import next from 'next';

/** A request put to Next inside this process, without a socket. */
export type Question = {
  method: string;
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body?: Buffer;
};

/** What Next answered, whole: nothing has been sent to anybody yet. */
export type Answer = { status: number; headers: Record<string, string | undefined>; body: Buffer };

export type NextApp = {
  ask(question: Question): Promise<Answer>;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  close(): Promise<void>;
};

/**
 * Starts Next in this process. `ask` runs a request through its handler with light-my-request instead of a loopback
 * socket: no port or file that another user of the machine could knock on, and the answer can be judged before a
 * visitor sees it.
 */
export async function startNext(options: { dev: boolean; projectDir: string; port: number }): Promise<NextApp> {
  const app = next({ dev: options.dev, dir: options.projectDir, hostname: 'localhost', port: options.port });
  await app.prepare();
  const handle = app.getRequestHandler();
  return {
    async ask({ method, url, headers, body }) {
      const answer = await inject((request, response) => void handle(request, response), {
        method,
        url,
        headers: wholeAnswer(headers),
        ...(body ? { payload: body } : {}),
      });
      const single = Object.entries(answer.headers).map(([name, value]) => [name, value?.toString()]);
      return { status: answer.statusCode, headers: Object.fromEntries(single), body: answer.rawPayload };
    },
    handle: (request, response) => handle(request, response),
    upgrade: (request, socket, head) => app.getUpgradeHandler()(request, socket, head),
    close: () => app.close(),
  };
}

/** Headers without what would make Next compress or answer 304: both are decided for the whole answer afterwards. */
function wholeAnswer(headers: Question['headers']): Record<string, string | string[]> {
  const left: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    const conditional = name.startsWith('if-') || name === 'accept-encoding' || name === 'content-length';
    if (value !== undefined && !conditional) left[name] = value;
  }
  return left;
}
