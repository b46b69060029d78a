import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { readForm } from '../support/form-post.ts';
import { freePort, runSite } from '../support/running-site.ts';
import { type Figure, median, quantile } from './figure.ts';
import { type LoadResult, postForms } from './form-load.ts';

// What durability costs a visitor: registrations through the real form address (lead and mails committed and synced
// before the answer) beside a stock Next server action that stores nothing, on one machine in one run.

const PEER = path.join(import.meta.dirname, 'peers', 'empty-action');
const CLIENTS = 32;
const ROUNDS = 5;
const SECONDS = 4;
const [EARLY, LATE] = [1000, 50_000];
const SETTLE_MS = 5000;
const READINGS = 5;

export async function measure(): Promise<Figure[]> {
  return [...(await cost()), ...(await memory())];
}

async function cost(): Promise<Figure[]> {
  const peer = await startPeer();
  const site = await runSite();
  try {
    const [own, empty] = [await readForm(`${site.url}/register`), await readForm(`${peer.url}/`)];
    await postForms(own, { clients: CLIENTS, seconds: 3 });
    await postForms(empty, { clients: CLIENTS, seconds: 3 });
    const results: { own: LoadResult; empty: LoadResult; insertsPerSecond: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const ours = await postForms(own, { clients: CLIENTS, seconds: SECONDS });
      // The mails of these registrations still go out, and would slow the peer down.
      site.process.kill('SIGSTOP');
      try {
        const theirs = await postForms(empty, { clients: CLIENTS, seconds: SECONDS });
        results.push({ own: ours, empty: theirs, insertsPerSecond: rawInserts(site.dataDir) });
      } finally {
        // Stopped it would not hear that it is to end.
        site.process.kill('SIGCONT');
      }
    }
    const refused = results.reduce((sum, { own, empty }) => sum + own.refused + empty.refused, 0);
    if (refused > 0) throw new Error(`${refused} posts were not accepted: the figures would mean nothing`);
    const p99 = (result: LoadResult): number => quantile(result.milliseconds, 0.99);
    return [
      { id: 'submit.registrations', value: median(results.map(({ own }) => own.perSecond)), unit: '/s' },
      { id: 'submit.empty-action', value: median(results.map(({ empty }) => empty.perSecond)), unit: '/s' },
      { id: 'submit.raw-insert', value: median(results.map(({ insertsPerSecond }) => insertsPerSecond)), unit: '/s' },
      {
        id: 'submit.against-empty-action',
        value: median(results.map(({ own, empty }) => own.perSecond / empty.perSecond)),
        unit: 'x',
        goal: { op: '>=', number: 0.8 },
      },
      {
        id: 'submit.against-raw-insert',
        value: median(results.map(({ own, insertsPerSecond }) => own.perSecond / insertsPerSecond)),
        unit: 'x',
      },
      {
        id: 'submit.p99-against-empty-action',
        value: median(results.map(({ own, empty }) => p99(own) / p99(empty))),
        unit: 'x',
        goal: { op: '<=', number: 2 },
      },
    ];
  } finally {
    await site.remove();
    peer.process.kill();
  }
}

/** What turns people away or asks them for proof is set aside: what the site lets in within 42 minutes comes within three. */
const OPEN = { TRUST_PROXY: '1', REGISTRATIONS_PER_MINUTE: '1000000', PROOF_ABOVE: '0' };
/** The site counts an address for ten minutes, and by itself lets in so many in that time (1,200 a minute). */
const ADDRESSES = 12_000;

/**
 * Memory of a fresh site after its 1,000th and after its 50,000th registration, from as many addresses as it has to
 * keep in mind at once: what else it keeps of a registration, a person or an address would show.
 */
async function memory(): Promise<Figure[]> {
  const site = await runSite(OPEN);
  let people = 0;
  const headers = () => {
    people = (people + 1) % ADDRESSES;
    return { 'x-forwarded-for': `198.18.${people >> 8}.${people & 255}` };
  };
  try {
    const atRest = residentMegabytes(site.process.pid);
    const form = await readForm(`${site.url}/register`);
    async function after(posts: number): Promise<number> {
      const { refused } = await postForms(form, { clients: CLIENTS, posts, headers });
      if (refused > 0) throw new Error(`${refused} posts were not accepted: the figures would mean nothing`);
      return leastMegabytes(site.process.pid);
    }
    const early = await after(EARLY);
    const late = await after(LATE - EARLY);
    return [
      { id: 'submit.memory-at-rest', value: atRest, unit: 'MB' },
      { id: `submit.memory-after-${EARLY}`, value: early, unit: 'MB' },
      { id: `submit.memory-after-${LATE}`, value: late, unit: 'MB' },
      { id: 'submit.memory-growth', value: late / early, unit: 'x', goal: { op: '<=', number: 1.1 } },
    ];
  } finally {
    await site.remove('SIGKILL');
  }
}

/** Installs and builds the peer from its own lockfile where that was not done, and starts it as Next ships. */
async function startPeer(): Promise<{ url: string; process: ChildProcess }> {
  const environment = { ...process.env, NODE_ENV: 'production' as const, NEXT_TELEMETRY_DISABLED: '1' };
  if (!existsSync(path.join(PEER, 'node_modules'))) run('npm', ['ci', '--include=dev'], environment);
  const next = path.join(PEER, 'node_modules', 'next', 'dist', 'bin', 'next');
  run(process.execPath, [next, 'build'], environment);
  const port = await freePort();
  const child = spawn(process.execPath, [next, 'start', '-p', String(port), '-H', '127.0.0.1'], {
    cwd: PEER,
    env: environment,
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  const ended = once(child, 'exit').then(() => 'ended');
  while (!(await fetch(url).catch(() => undefined))?.ok) {
    if ((await Promise.race([ended, new Promise((wake) => setTimeout(wake, 100))])) === 'ended')
      throw new Error('the peer ended');
  }
  return { url, process: child };
}

function run(command: string, parameters: string[], env: NodeJS.ProcessEnv): void {
  const result = spawnSync(command, parameters, { cwd: PEER, env, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${command} ${parameters.join(' ')}: ${result.stderr}`);
}

/** Inserts a second with the same durability on the same disk: one row a transaction, WAL, synced. */
function rawInserts(folder: string): number {
  const directory = mkdtempSync(path.join(folder, 'raw-'));
  const database = new DatabaseSync(path.join(directory, 'raw.db'));
  database.exec(
    'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE lead (id TEXT PRIMARY KEY, answers TEXT)',
  );
  const insert = database.prepare('INSERT INTO lead VALUES (?, ?)');
  const started = performance.now();
  let count = 0;
  while (performance.now() - started < 2000) insert.run(String(count++), 'x'.repeat(500));
  const elapsed = (performance.now() - started) / 1000;
  database.close();
  rmSync(directory, { recursive: true });
  return count / elapsed;
}

/**
 * The least of five readings a second apart, five seconds after the last registration, while mails still go out: before, a
 * young site has not sent any and grows by 10 MB when it does. Later the mails of the first 1,000 are gone, and a site that
 * is quiet gives memory back. As the operator sees it: nothing is collected on demand, and one reading alone could fall
 * before or after a collection.
 */
async function leastMegabytes(pid: number | undefined): Promise<number> {
  await pause(SETTLE_MS);
  let least = Number.POSITIVE_INFINITY;
  for (let count = 0; count < READINGS; count += 1) {
    await pause(1000);
    least = Math.min(least, residentMegabytes(pid));
  }
  return least;
}

/** Resident memory of a process in MB, from the kernel. */
function residentMegabytes(pid: number | undefined): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}
