import '#server-only';
import type { Log } from '#lib/log.ts';
import { outagePause } from './retry.ts';
import type { Delivery } from './transport.ts';

/** As many lost connections in a row, over different mails, are the server's fault and not a mail's. */
const UNCLEAR_IS_DOWN = 4;

/** What is known about mail getting through at all. */
export type Outage = {
  /** How many mails may be under way now: `most`, or while nothing gets through one at times and none in between. */
  room(most: number): number;
  /** Learns from an attempt; says when an outage begins and when it is over. */
  note(delivery: Delivery): void;
  /** Seconds that a mail should wait which failed because nothing gets through. */
  pauseSeconds(): number;
};

/**
 * Keeps a backlog from being tried mail by mail against a server that is down: one mail is the probe, the others wait
 * as they are and go out, oldest first, as soon as it gets through. Its clock is one that nobody sets.
 */
export function watchForOutage(log: Log): Outage {
  let failures = 0;
  let unclear = 0;
  let nextProbe = 0;
  return {
    room: (most) => {
      if (failures === 0) return most;
      return performance.now() < nextProbe ? 0 : 1;
    },
    note: (delivery) => {
      unclear = delivery.status === 'unclear' ? unclear + 1 : 0;
      if (delivery.status === 'down' || (delivery.status === 'unclear' && unclear >= UNCLEAR_IS_DOWN)) {
        // Attempts that were under way together fail together: that is one failure, not four.
        if (failures > 0 && performance.now() < nextProbe) return;
        if (failures === 0) log.error({ event: 'delivery.down', note: delivery.note });
        failures += 1;
        nextProbe = performance.now() + outagePause(failures) * 1000;
      } else if (delivery.status !== 'unclear' && failures > 0) {
        log.info({ event: 'delivery.up', failures });
        failures = 0;
      }
    },
    pauseSeconds: () => outagePause(Math.max(failures, 1)),
  };
}
