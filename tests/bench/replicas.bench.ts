import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Verdict } from '../faults/checker.ts';
import { throwDice } from '../faults/dice.ts';
import { jumpClocks, replaceDatabaseClock, SETTABLE, setClock } from '../faults/replicas-clocks.ts';
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
/** Mails that one replica sends at once: so many are repeated when a mark is lost or a lease ends too early. */
const IN_HAND = 4;
const CLOCK_ROUNDS = 15;
/** Of the four jumps of a round, those of the database's clock that end leases: all but the hour back. */
const JUMPS_THAT_END_LEASES = 3;

export async function measure(): Promise<Figure[]> {
  return [
    ...(await throughput()),
    ...(await faults(2, 'replicas')),
    ...(await faults(4, 'replicas.four')),
    ...(await death()),
    ...(await clocks()),
    ...(await jumps()),
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
        const nginx = await runShippedNginx(port, ports.slice(0, replicas));
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

/** `name` begins the ids. Of each submission every replica gets a copy. */
async function faults(replicas: number, name: string): Promise<Figure[]> {
  const cluster = await startCluster(Array.from({ length: replicas }, () => ({})));
  const dice = throwDice(name);
  const mostCopies = IN_HAND * replicas;
  try {
    const pairs = await sendPairs(cluster, PAIRS);
    return [
      count(`${name}.pairs.leads-missing-or-extra`, Math.abs(pairs.leads - PAIRS), none),
      count(`${name}.pairs.disagreed-or-refused`, pairs.disagreed + pairs.refused, none),
      count(`${name}.pairs.sent-twice`, pairs.sentTwice, none),
      ...verdict(`${name}.crash`, await crashUnderLoad(cluster, CRASHES, dice), mostCopies),
      ...verdict(`${name}.silence`, await blackHole(cluster, SILENT_SECONDS, dice), mostCopies),
    ];
  } finally {
    await cluster.remove();
  }
}

function verdict(name: string, result: Verdict, mostCopies: number): Figure[] {
  const { accepted, refused, extraCopies, slowestMs, broken } = result;
  return [
    count(`${name}.accepted`, accepted),
    count(`${name}.refused`, refused),
    ...Object.entries(broken).map(([what, ids]) => count(`${name}.${what}`, ids.length, none)),
    count(`${name}.extra-copies`, extraCopies, { op: '<=', number: mostCopies }),
    { id: `${name}.slowest`, value: slowestMs, unit: 'ms', goal: { op: '<=', number: 10_000 } },
  ];
}

/** A replica is killed with mails in its hands, and their leases run their full time, whatever the other one's clock does. */
async function death(): Promise<Figure[]> {
  const silence = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silence, 'listening');
  const { port } = silence.address() as AddressInfo;
  const cluster = await startCluster([{ SMTP_URL: `smtp://127.0.0.1:${port}` }, SETTABLE]);
  const jump = async () => {
    const [, survivor] = cluster.sites;
    for (const hours of [1, -1, 24, -24]) {
      if (survivor) await setClock(survivor, hours);
      await pause(1500);
    }
  };
  try {
    const killed = performance.now();
    const { held, untouched, arrived, sentTwice } = await killWithMailsInHand(cluster, jump, async () => {});
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
  const cluster = await startCluster(['6', '-6'].map((hours) => ({ ...SETTABLE, SHIFT_HOURS: hours })));
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

/** Clocks jump by an hour and a day, forth and back, while people register: two replicas' against each other, then the database's. */
async function jumps(): Promise<Figure[]> {
  const cluster = await startCluster([SETTABLE, SETTABLE]);
  const dice = throwDice('replicas, jumps');
  try {
    const ofSites = await jumpClocks(cluster, dice, CLOCK_ROUNDS, async (hours) => {
      await Promise.all(cluster.sites.map((site, index) => setClock(site, index % 2 === 0 ? hours : -hours)));
    });
    const ofDatabase = await jumpClocks(cluster, dice, CLOCK_ROUNDS, await replaceDatabaseClock(cluster));
    const mostCopies = IN_HAND * cluster.sites.length * JUMPS_THAT_END_LEASES * CLOCK_ROUNDS;
    return [
      ...verdict('replicas.jumps-of-sites', ofSites.verdict, 0),
      count('replicas.jumps-of-sites.quarantined', ofSites.quarantined, none),
      ...verdict('replicas.jumps-of-database', ofDatabase.verdict, mostCopies),
      count('replicas.jumps-of-database.quarantined', ofDatabase.quarantined, none),
    ];
  } finally {
    await cluster.remove();
  }
}
