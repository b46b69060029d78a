import { createServer, connect as openSocket, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { listenOnLoopback } from '../../support/loopback.ts';

type Cut = 'before' | 'after' | 'silence' | 'hold';

/** A way to a database on which connections can be lost at a chosen moment. */
export type CuttingProxy = {
  /** The database's address by this way. */
  url: string;
  /**
   * The next time a client sends `text`, its connection is lost: `before` the server got it; `after` the server has
   * answered, but the answer not arrived; in `silence` after the server got it, and neither side ever hears of it;
   * on `hold` before the server got it, and the client waits. Resolves when that has happened.
   */
  cut(text: string, how: Cut): Promise<void>;
};

/** Stands between a client and the PostgreSQL at `url`; gone when the test ends. */
export async function openProxy(url: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(url);
  let wanted: { text: string; how: Cut; happened: () => void } | undefined;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const database = openSocket(Number(port), hostname);
    const lose = () => {
      client.destroy();
      database.destroy();
    };
    let fate: Cut | undefined;
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        if (fate !== 'silence') other.destroy();
      });
    }
    client.on('data', (chunk) => {
      if (fate === 'silence' || fate === 'hold') return;
      if (wanted !== undefined && chunk.includes(wanted.text)) {
        fate = wanted.how;
        wanted.happened();
        wanted = undefined;
        if (fate === 'before') return lose();
        if (fate === 'hold') return;
      }
      database.write(chunk);
    });
    database.on('data', (chunk) => {
      if (fate === 'after') lose();
      else if (fate === undefined) client.write(chunk);
    });
  });
  const ownPort = await listenOnLoopback(server);
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const byThisWay = new URL(url);
  byThisWay.port = String(ownPort);
  return {
    url: byThisWay.href,
    cut: (text, how) =>
      new Promise((happened) => {
        wanted = { text, how, happened };
      }),
  };
}
