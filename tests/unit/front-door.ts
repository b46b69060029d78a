import { onTestFinished } from 'vitest';
import { createFrontServer } from '#lib/front-server.ts';
import { listenOnLoopback } from '../support/loopback.ts';

export const SITE = 'http://localhost';

/** The front server of `SITE` before `respond`, until the test is over. @returns its port on loopback. */
export async function openFrontDoor(respond: Parameters<typeof createFrontServer>[0]): Promise<number> {
  const server = createFrontServer(respond, SITE);
  const port = await listenOnLoopback(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return port;
}
