import '#server-only';
import { performance } from 'node:perf_hooks';
import { log } from '#lib/log.ts';

// V8 collects while the heap grows. After the last page of a busy hour it grows no more, and 90 MB of garbage and of pages
// kept for more of it stay: V8's own reducer waits for a low rate of allocation, which it works out from collections
// that no longer come (docs/decisions/0021). A full collection stops the process for some 0.4 s, so it waits for a quiet moment.

const LOOK_EVERY_MS = 10_000;
/** Of a loop's time. One page drawn in ten seconds is less, two reads a second are more. */
const QUIET_SHARE = 0.01;
/** Some 300 pages drawn, or the start of a large archive: what less work leaves behind is not worth the stop. */
const WORTH_MS = 5_000;

/**
 * Gives memory back to the system when the process had next to nothing to do for `everyMs` milliseconds and has worked for
 * `worthMs` milliseconds since the start or the last time. Says in the log how many megabytes and milliseconds that
 * was. Needs `node --expose-gc`; without it nothing happens.
 */
export function giveBackWhenQuiet(everyMs = LOOK_EVERY_MS, worthMs = WORTH_MS): void {
  const collect = globalThis.gc;
  if (collect === undefined) return;
  let before = performance.eventLoopUtilization();
  let worked = before.active;
  setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { active, utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    worked += active;
    if (utilization > QUIET_SHARE || worked < worthMs) return;
    const [started, resident] = [performance.now(), process.memoryUsage.rss()];
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    worked = 0;
    // The collection itself leaves nothing to collect.
    before = performance.eventLoopUtilization();
    log.info({
      event: 'memory.returned',
      megabytes: Math.round((resident - process.memoryUsage.rss()) / 2 ** 20),
      milliseconds: Math.round(performance.now() - started),
    });
  }, everyMs).unref();
}
