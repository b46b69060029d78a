import '#server-only';
import type { Log } from '#lib/log.ts';
import { outagePause } from './retry.ts';
import type { DueMail } from './store.ts';
import type { Delivery } from './transport.ts';

/**
 * As many lost connections in a row, each at a mail's first try, are the server's fault. Later tries prove nothing: what
 * always loses the connection would, with a few of its kind, pass for an outage and hold up everybody else.
 */
const UNCLEAR_IS_DOWN = 4;

/** What is known about mail getting through at all. */
export type Outage = {
  /** How many mails may be under way now: `most`, or while nothing gets through one at times and none in between. */
  room(most: number): number;
  /** Learns from an attempt; says when an outage begins and when it is over. */
  note(delivery: Delivery, mail: Pick<DueMail, 'messageId' | 'attempts'>): void;
};

/**
 * Keeps a backlog from being tried mail by mail against a server that is down: one mail is the probe, the others wait
 * as they are and go out, oldest first, as soon as one gets through. One mail alone, however often it fails, does not
 * lengthen the outage. Its clock is one that nobody sets.
 */
export function watchForOutage(log: Log, elapsedMs = () => performance.now()): Outage {
  let failures = 0;
  let unclear = 0;
  let nextProbe = 0;
  let lastFailed = '';
  return {
    room: (most) => {
      if (failures === 0) return most;
      return elapsedMs() < nextProbe ? 0 : 1;
    },
    note: (delivery, { messageId, attempts }) => {
      if (delivery.status !== 'unclear') unclear = 0;
      else if (attempts === 1) unclear += 1;
      else return;
      if (delivery.status === 'down' || (delivery.status === 'unclear' && unclear >= UNCLEAR_IS_DOWN)) {
        // Attempts that were under way together fail together: that is one failure, not four.
        if (failures > 0 && (elapsedMs() < nextProbe || messageId === lastFailed)) return;
        lastFailed = messageId;
        if (failures === 0) log.error({ event: 'delivery.down', note: delivery.note });
        failures += 1;
        nextProbe = elapsedMs() + outagePause(failures) * 1000;
      } else if (delivery.status !== 'unclear' && failures > 0) {
        log.info({ event: 'delivery.up', failures });
        failures = 0;
      }
    },
  };
}
