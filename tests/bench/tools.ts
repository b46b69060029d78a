import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

// What the benches need beside Node. Where a tool is missing, one line says so and its figures are left out.

/** Path of a program, installed from the system's packages where this process may; undefined when there is none. */
function find(program: string): string | undefined {
  const search = (): string | undefined =>
    (process.env.PATH ?? '')
      .split(':')
      .map((place) => path.join(place, program))
      .find((candidate) => existsSync(candidate));
  if (search() === undefined) spawnSync('apt-get', ['install', '-y', '-qq', program], { stdio: 'ignore' });
  return search();
}

/** The measured side runs on the first core, the load comes from the second. */
const MEASURED_CORE = '0';
const LOADING_CORE = '1';

/**
 * Keeps a process and all its threads on one core, so that requests/s mean one core's work.
 * @returns false, and says so, where the system cannot do that.
 */
export function pinToOneCore(pid: number | undefined): boolean {
  const pinned = spawnSync('taskset', ['-a', '-c', '-p', MEASURED_CORE, String(pid)], { stdio: 'ignore' }).status === 0;
  if (!pinned) console.error('tasksetが使えないため、1コアに固定せずに測ります（例: apt-get install util-linux）');
  return pinned;
}

/** Whether `requestsPerSecond` can measure here. */
export function hasWrk(): boolean {
  const found = find('wrk') !== undefined;
  if (!found) console.error('wrkが見つかりません（例: apt-get install wrk）。1秒あたりの応答数は測れません');
  return found;
}

/**
 * Answers a second to a browser that takes every encoding, over 32 keep-alive connections.
 * @throws when any answer was not 2xx or 3xx.
 */
export function requestsPerSecond(url: string, seconds = 3): Promise<number> {
  const wrk = ['wrk', '-t1', '-c32', `-d${seconds}s`, '-H', 'Accept-Encoding: gzip, deflate, br', url];
  const command = find('taskset') === undefined ? wrk : ['taskset', '-c', LOADING_CORE, ...wrk];
  return new Promise((resolve, reject) => {
    const child = spawn('env', command, { stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk));
    child.on('error', reject);
    child.on('close', () => {
      const measured = /Requests\/sec:\s+([\d.]+)/.exec(output)?.[1];
      if (measured === undefined || /Non-2xx|Socket errors/.test(output)) reject(new Error(`wrk: ${output}`));
      else resolve(Number(measured));
    });
  });
}

/** Resident memory of a process in MB, from the kernel. */
export function residentMegabytes(pid: number | undefined): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}
