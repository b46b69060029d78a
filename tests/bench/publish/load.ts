import { Agent, request } from 'node:http';

/** An answer of the load: milliseconds from the moment at which it was due to be asked for; status 0 for none. */
export type Sample = { milliseconds: number; status: number };

export type Load = {
  /** The samples since the last call. */
  take(): Sample[];
  stop(): Promise<void>;
};

const TICK_MS = 5;

/**
 * Asks `perSecond` times a second for what `next` names, whether the server keeps up or not (an open loop): waiting
 * in a queue counts as the reader's waiting, as it would for readers who do not know of each other.
 */
export function startLoad(origin: string, perSecond: number, next: () => string): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const underWay = new Set<Promise<void>>();
  let samples: Sample[] = [];
  const started = performance.now();
  let sent = 0;

  const timer = setInterval(() => {
    const now = performance.now();
    for (; sent < ((now - started) * perSecond) / 1000; sent++) {
      const due = started + (sent * 1000) / perSecond;
      const asked = ask(origin + next(), agent).then((status) => {
        samples.push({ milliseconds: performance.now() - due, status });
        underWay.delete(asked);
      });
      underWay.add(asked);
    }
  }, TICK_MS);

  return {
    take() {
      const taken = samples;
      samples = [];
      return taken;
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      agent.destroy();
    },
  };
}

/**
 * The status of the answer, 0 for none. A connection that the server ended while the request was on its way is no
 * answer yet: like a browser, this asks again on another (RFC 9112 9.3.1).
 */
function ask(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(url, { agent, headers: { 'accept-encoding': 'gzip, deflate, br' } }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
      answer.on('error', () => resolve(0));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      const ended = sent.reusedSocket && error.code === 'ECONNRESET';
      resolve(ended ? ask(url, agent) : 0);
    });
    sent.end();
  });
}
