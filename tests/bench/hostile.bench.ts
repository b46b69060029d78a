import { throwDice } from '../faults/dice.ts';
import { storm } from '../faults/hostile.ts';
import { besiege, runWatchedSite } from '../faults/siege.ts';
import type { Figure } from './figure.ts';

// The long form of tests/faults/timed.test.ts: 100,000 requests that nobody's browser sends, from a seed that is
// printed (FAULT_SEED=… sends the same again), then 2,125 connections that are held open for nothing.

const REQUESTS = 100_000;
const none = { op: '<=', number: 0 } as const;

export async function measure(): Promise<Figure[]> {
  const site = await runWatchedSite();
  try {
    const atRest = site.held();
    site.beginWatch();
    const found = await storm(site, throwDice('hostile'), REQUESTS);
    for (const violation of found.violations) console.error(violation);
    for (const request of found.lost.slice(0, 5)) console.log(`lost by Next: ${request}`);
    console.log(`answers ${JSON.stringify(found.statuses)}`);
    const { loop } = await site.watched();
    const afterwards = site.held();
    const siege = await besiege(site, { seconds: 4, closeWithinMs: 45_000 });
    console.log(`siege ${JSON.stringify(siege.said)}`);
    const { uncaught } = await site.watched();
    return [
      { id: 'hostile.requests', value: REQUESTS, unit: 'requests' },
      { id: 'hostile.rate', value: found.perSecond, unit: '/s' },
      { id: 'hostile.violations', value: found.violations.length, unit: 'answers', goal: none },
      { id: 'hostile.leads', value: found.rows, unit: 'rows', goal: none },
      { id: 'hostile.uncaught', value: uncaught, unit: 'errors', goal: none },
      { id: 'hostile.loop-p99', value: loop.p99, unit: 'ms', goal: { op: '<=', number: 200 } },
      { id: 'hostile.loop-longest', value: loop.longest, unit: 'ms' },
      { id: 'hostile.slowest-answer', value: found.slowestMs, unit: 'ms' },
      { id: 'hostile.lost-by-next', value: found.lost.length, unit: 'requests' },
      { id: 'hostile.memory-at-rest', value: atRest.megabytes, unit: 'MB' },
      { id: 'hostile.memory-afterwards', value: afterwards.megabytes, unit: 'MB' },
      { id: 'hostile.siege-readers-p99-against-calm', value: siege.ratio, unit: 'x', goal: { op: '<=', number: 3 } },
      { id: 'hostile.siege-readers-p99', value: siege.siegeMs, unit: 'ms' },
      {
        id: 'hostile.siege-closed-after',
        value: siege.closedAfterMs / 1000,
        unit: 's',
        goal: { op: '<=', number: 45 },
      },
      { id: 'hostile.siege-open-files', value: siege.most.files, unit: 'files' },
      { id: 'hostile.siege-memory', value: siege.most.megabytes - siege.atRest.megabytes, unit: 'MB' },
    ];
  } finally {
    await site.remove('SIGKILL');
  }
}
