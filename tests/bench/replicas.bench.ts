import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import type { Verdict } from '../faults/checker.ts';
import { throwDice } from '../faults/dice.ts';
import { startCluster } from '../faults/replicas-cluster.ts';
import {
  blackHole,
  crashUnderLoad,
  killWithMailsInHand,
  mailServerAway,
  sendPairs,
} from '../faults/replicas-scenarios.ts';
import { readForm } from '../support/form-post.ts';
import { runShippedNginx } from '../support/nginx.ts';
import { freePort } from '../support/running-site.ts';
import { type Figure, median } from './figure.ts';
import { postForms } from './form-load.ts';
import { measureGrowth } from './replicas-growth.ts';

// Many machines, in the long form: what tests/faults/replicas.test.ts does in a minute, at the size that was promised;
// registrations a second for 1, 2 and 4 replicas behind nginx; and both stores with a million leads.

const PAIRS = 1000;
const CRASHES = 30;
const SILENT_SECONDS = 60;
const REPLICAS = [1, 2, 4];
const ROUNDS = 3;
const CLIENTS = 32;
const SECONDS = 4;
/** A mark that was lost repeats its mail: as many as two replicas send at once. */
const MOST_EXTRA_COPIES = 8;

export async function measure(): Promise<Figure[]> {
  return [
    ...(await throughput()),
    ...(await faults()),
    ...(await death()),
    ...(await clocks()),
    ...(await measureGrowth()),
  ];
}

const none = { op: '<=', number: 0 } as const;
const count = (id: string, value: number, goal?: Figure['goal']): Figure => ({
  id,
  value,
  unit: '件',
  ...(goal && { goal }),
});

/** On one machine replicas share its cores: what this shows is what they cost each other, not what they gain. */
async function throughput(): Promise<Figure[]> {
  const port = await freePort();
  const own = { SITE_URL: `http://localhost:${port}`, TRUST_PROXY: '1', SMTP_URL: '' };
  const cluster = await startCluster(Array.from({ length: Math.max(...REPLICAS) }, () => own));
  const ports = cluster.sites.map(({ url }) => Number(new URL(url).port));
  const perSecond = new Map(REPLICAS.map((replicas) => [replicas, [] as number[]]));
  try {
    for (const form of cluster.forms) await postForms(form, { clients: 8, seconds: 2 });
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [replicas, results] of perSecond) {
        const nginx = await runShippedNginx(port, ...ports.slice(0, replicas));
        const load = await postForms(await readForm(`${nginx.url}/register`), { clients: CLIENTS, seconds: SECONDS });
        await nginx.stop();
        if (load.refused > 0)
          throw new Error(`${load.refused} posts were not accepted: the figures would mean nothing`);
        results.push(load.perSecond);
      }
    }
  } finally {
    await cluster.remove();
  }
  return [...perSecond].map(([replicas, results]) => ({
    id: `replicas.registrations-${replicas}`,
    value: median(results),
    unit: '/s',
  }));
}

async function faults(): Promise<Figure[]> {
  const cluster = await startCluster([{}, {}]);
  const dice = throwDice('replicas');
  try {
    const pairs = await sendPairs(cluster, PAIRS);
    return [
      count('replicas.pairs.leads-missing-or-extra', Math.abs(pairs.leads - PAIRS), none),
      count('replicas.pairs.disagreed-or-refused', pairs.disagreed + pairs.refused, none),
      count('replicas.pairs.sent-twice', pairs.sentTwice, none),
      ...verdict('crash', await crashUnderLoad(cluster, CRASHES, dice)),
      ...verdict('silence', await blackHole(cluster, SILENT_SECONDS, dice)),
    ];
  } finally {
    await cluster.remove();
  }
}

function verdict(name: string, result: Verdict): Figure[] {
  const { accepted, refused, extraCopies, slowestMs, broken } = result;
  return [
    count(`replicas.${name}.accepted`, accepted),
    count(`replicas.${name}.refused`, refused),
    ...Object.entries(broken).map(([what, ids]) => count(`replicas.${name}.${what}`, ids.length, none)),
    count(`replicas.${name}.extra-copies`, extraCopies, { op: '<=', number: MOST_EXTRA_COPIES }),
    { id: `replicas.${name}.slowest`, value: slowestMs, unit: 'ms', goal: { op: '<=', number: 10_000 } },
  ];
}

/** A replica is killed with mails in its hands, and their leases run their full time. */
async function death(): Promise<Figure[]> {
  const silence = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silence, 'listening');
  const { port } = silence.address() as AddressInfo;
  const cluster = await startCluster([{ SMTP_URL: `smtp://127.0.0.1:${port}` }, {}]);
  try {
    const killed = performance.now();
    const { held, untouched, arrived, sentTwice } = await killWithMailsInHand(cluster, async () => {});
    return [
      count('replicas.death.held', held),
      count('replicas.death.touched-before-the-lease-ended', held - untouched, none),
      count('replicas.death.not-taken-over', held - arrived, none),
      count('replicas.death.sent-twice', sentTwice, none),
      { id: 'replicas.death.all-arrived-after', value: (performance.now() - killed) / 1000, unit: 's' },
    ];
  } finally {
    silence.close();
    await cluster.remove();
  }
}

async function clocks(): Promise<Figure[]> {
  const preload = `--import=${path.resolve(import.meta.dirname, '..', 'faults', 'shift-clock.ts')}`;
  const cluster = await startCluster(['6', '-6'].map((hours) => ({ SHIFT_HOURS: hours, NODE_OPTIONS: preload })));
  try {
    const { sentTwice, dead, mostAttempts } = await mailServerAway(cluster, 4);
    return [
      count('replicas.clocks.sent-twice', sentTwice, none),
      count('replicas.clocks.given-up', dead, none),
      { id: 'replicas.clocks.most-attempts', value: mostAttempts, unit: '回', goal: { op: '<=', number: 10 } },
    ];
  } finally {
    await cluster.remove();
  }
}
