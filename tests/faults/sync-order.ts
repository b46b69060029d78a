import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readForm } from '../support/form-post.ts';
import { runSite } from '../support/running-site.ts';
import type { Victim } from './crash.ts';
import { ACCEPTED, newVisit, send } from './visitors.ts';

/** Why system calls cannot be watched here, in one line; undefined where they can. */
export function whyNoStrace(): string | undefined {
  const tried = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']);
  return tried.status === 0 ? undefined : 'straceが使えません（例: apt-get install strace）';
}

/**
 * Registers one after the other under strace. @returns for how many of the accepted the write-ahead log was written and
 * then synced between the request and the answer.
 */
export async function watchSyncs(
  victim: Victim,
  registrations: number,
  environment: Record<string, string> = {},
): Promise<{ accepted: number; syncedFirst: number }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'strace-'));
  const trace = path.join(folder, 'trace');
  const calls = 'trace=read,write,writev,pwrite64,fdatasync,fsync';
  // -D: strace is the grandchild, so that the site keeps its place and its signals.
  const site = await runSite(
    environment,
    () => ['strace', '-D', '-f', '-y', '-s', '40', '-o', trace, '-e', calls],
    victim,
  );
  try {
    const form = await readForm(`${site.url}/register`);
    let accepted = 0;
    for (let count = 0; count < registrations; count += 1) {
      const { status } = await send(newVisit(), form);
      if (status === ACCEPTED) accepted += 1;
    }
    await site.stop();
    return { accepted, syncedFirst: readTrace(readFileSync(trace, 'utf8')) };
  } finally {
    await site.remove('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How many answers 303 were written after a sync that came after a write to the log that came after their request. */
function readTrace(trace: string): number {
  let syncedFirst = 0;
  let progress: 'idle' | 'asked' | 'written' | 'synced' = 'idle';
  const syncing = new Set<string>();
  for (const line of trace.split('\n')) {
    const thread = line.split(' ')[0] ?? '';
    const isLog = line.includes('leads.sqlite-wal>');
    if (/ (?:read\(|<\.\.\. read resumed>).*"POST \/register/.test(line)) progress = 'asked';
    else if (isLog && line.includes('pwrite64(') && progress === 'asked') progress = 'written';
    else if (isLog && /f(?:data)?sync\(/.test(line)) {
      // A call that another thread interrupts stands on two lines; it counts when it returns.
      if (line.includes('<unfinished')) syncing.add(thread);
      else if (progress === 'written') progress = 'synced';
    } else if (/f(?:data)?sync resumed>.*= 0/.test(line) && syncing.delete(thread)) {
      if (progress === 'written') progress = 'synced';
    } else if (line.includes('"HTTP/1.1 303')) {
      if (progress === 'synced') syncedFirst += 1;
      progress = 'idle';
    }
  }
  return syncedFirst;
}
