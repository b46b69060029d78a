import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PROJECT = path.resolve(import.meta.dirname, '../..');
/** The site as `npm run serve` runs it: what holds for a process with other limits of memory would prove nothing. */
const FLAGS = readServeFlags();

/** The built site as a process of its own, on a free port of loopback and with a folder of its own. */
export type RunningSite = {
  url: string;
  dataDir: string;
  process: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
  /** Sends a signal and waits for the exit; resolves with the exit code, null after a kill. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Starts again on the same port and folder, after `stop`; from `project`, where another build lies. */
  start(environment?: Record<string, string>, project?: string): Promise<void>;
  /** Stops and removes the folder. */
  remove(signal?: NodeJS.Signals): Promise<void>;
};

/**
 * Starts `node server.ts`, or another `entry` with what is put behind it, and waits until it answers. `launcher` is put before the command and must
 * end in replacing itself by it; it is told the folder. @throws with its output when the site ends before it answers.
 */
export async function runSite(
  environment: Record<string, string> = {},
  launcher: (dataDir: string) => string[] = () => [],
  entry: string | readonly string[] = 'server.ts',
): Promise<RunningSite> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'site-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  let output = '';
  let child: ChildProcess;

  async function start(changed: Record<string, string> = {}, project = PROJECT): Promise<void> {
    const [file = '', ...flags] = [entry].flat();
    const run = [process.execPath, ...FLAGS, path.join(project, file), ...flags];
    const [command = '', ...parameters] = [...launcher(dataDir), ...run];
    child = spawn(command, parameters, {
      cwd: project,
      env: {
        NODE_ENV: 'production',
        PATH: process.env.PATH,
        PORT: String(port),
        DATA_DIR: dataDir,
        ...environment,
        ...changed,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk));
    const ended = once(child, 'exit');
    for (;;) {
      const answer = await fetch(`${url}/healthz`).catch(() => undefined);
      if (answer?.ok) return;
      const exited = await Promise.race([ended, new Promise<undefined>((wake) => setTimeout(wake, 50))]);
      if (exited) throw new Error(`the site ended with ${exited[0]} before it answered:\n${output}`);
    }
  }

  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    return child.exitCode;
  }

  await start();
  return {
    url,
    dataDir,
    get process() {
      return child;
    },
    output: () => output,
    stop,
    start,
    async remove(signal) {
      await stop(signal);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function readServeFlags(): string[] {
  const { serve } = JSON.parse(readFileSync(path.join(PROJECT, 'package.json'), 'utf8')).scripts as { serve: string };
  return serve.split(' ').filter((word) => word.startsWith('--'));
}

/**
 * A port of loopback that nobody listens on right now: below those that the system gives to whoever names none (Linux: from
 * 32768), so that it is still free when a site listens on it seconds later, or again.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(12_000, 32_000);
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}
