import '#server-only';
import type { Server } from 'node:http';
import { type AddressInfo, connect, Server as NetServer, type Socket } from 'node:net';
import { setImmediate as nextRound, setTimeout as pause } from 'node:timers/promises';

// Closing a socket on which bytes wait unread resets it, and whoever sent them never hears whether they arrived. So a server that
// leaves closes nothing before it has looked, however little of a busy machine's time it gets (docs/decisions/0017).

/** How long connections are still taken at least: those that were being opened when the signal came are answered, too. */
const LAST_CALL_MS = 300;
const TIDY_EVERY_MS = 50;
/** A round of the event loop that was shorter did next to nothing: what it saw of the sockets is how they are. */
const CALM_ROUND_MS = 1;

/**
 * Stops listening once every connection that waits is taken, then resolves when every request under way is answered.
 * `closeIdle` closes what is open and asks nothing; answers are to say `connection: close` meanwhile.
 */
export async function closeServer(server: Server, closeIdle: () => void): Promise<void> {
  await pause(LAST_CALL_MS);
  await takeWaiting(server);
  let isClosed = false;
  // Not http's own `close`: that closes idle connections at once, unlooked.
  NetServer.prototype.close.call(server, () => {
    isClosed = true;
  });
  while (!isClosed) {
    await nextRound();
    const looked = performance.now();
    await nextRound();
    if (performance.now() - looked < CALM_ROUND_MS) closeIdle();
    await pause(TIDY_EVERY_MS);
  }
}

/**
 * The loop takes one connection a round, and the kernel hands them out in the order in which they came: once one of our
 * own is taken, so are all that came before it.
 */
async function takeWaiting(server: Server): Promise<void> {
  const { address, port } = server.address() as AddressInfo;
  const own = connect(port, address);
  await new Promise<void>((resolve) => {
    own.once('error', () => resolve());
    server.on('connection', function onTaken(socket: Socket) {
      if (socket.remotePort !== own.localPort || socket.remoteAddress !== own.localAddress) return;
      server.off('connection', onTaken);
      resolve();
    });
  });
  own.destroy();
}
