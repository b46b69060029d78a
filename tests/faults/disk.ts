import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { quantile } from '../bench/figure.ts';
import { postOnce, type ReadForm, readForm } from '../support/form-post.ts';
import { type RunningSite, runSite } from '../support/running-site.ts';
import { check, rowsOf, untilDrained } from './checker.ts';
import { makeDisk } from './disk-image.ts';
import { keptIn } from './kept-mails.ts';
import { ACCEPTED, isAccepted, newVisit, send, type Visit } from './visitors.ts';

// What a disk can do to the built site: fill up, refuse to be written, or be held by somebody else.

/** Seconds until a registration is accepted again; Infinity when that takes longer than `limit`. */
async function secondsUntilAccepted(form: ReadForm, limit = 20): Promise<number> {
  const started = performance.now();
  while (performance.now() - started < limit * 1000) {
    if ((await send(newVisit(), form)).status === ACCEPTED) return (performance.now() - started) / 1000;
    await pause(100);
  }
  return Number.POSITIVE_INFINITY;
}

export type FullMailbox = { acceptedMeanwhile: number; keptMeanwhile: number; undelivered: number; foreign: number };

/** Only the folder of the local mailbox has no room: people register as ever, and their mails come once there is room. */
export async function fillMailbox(registrations: number): Promise<FullMailbox> {
  const disk = makeDisk(8);
  const dataDir = mkdtempSync(path.join(tmpdir(), 'full-mailbox-'));
  const filler = path.join(disk.folder, 'filler');
  // The mailbox is where the site looks for it, on the small disk.
  mkdirSync(path.join(disk.folder, 'mail'));
  fill(filler);
  symlinkSync(path.join(disk.folder, 'mail'), path.join(dataDir, 'mail'));
  const site = await runSite({ DATA_DIR: dataDir });
  try {
    const form = await readForm(`${site.url}/register`);
    const visits: Visit[] = Array.from({ length: registrations }, newVisit);
    for (const visit of visits) await send(visit, form);
    await pause(1500);
    const kept = keptIn(path.join(disk.folder, 'mail'));
    const keptMeanwhile = kept.arrivals.length;
    rmSync(filler);
    const rows = rowsOf(path.join(dataDir, 'leads.sqlite'));
    await untilDrained(rows, 60);
    const arrivals = kept.arrivals.map(({ messageId }) => messageId);
    const { broken } = await check(visits, rows, arrivals);
    return {
      acceptedMeanwhile: visits.filter(isAccepted).length,
      keptMeanwhile,
      undelivered: broken.undelivered.length + broken.lost.length,
      foreign: broken.foreign.length,
    };
  } finally {
    await site.remove('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
    disk.remove();
  }
}

/** Writes until nothing more fits. */
function fill(file: string): void {
  for (let chunk = 1 << 20; chunk >= 512; ) {
    try {
      writeFileSync(file, Buffer.alloc(chunk), { flag: 'a' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      chunk >>= 1;
    }
  }
}

/** `status` of a registration meanwhile, whether its page was honest and kept what was typed, and the cure. */
export type Refusal = { status: number; isHonest: boolean; readerStatus: number; cureSeconds: number; lost: number };

async function refusalOf(site: RunningSite, form: ReadForm): Promise<Omit<Refusal, 'cureSeconds' | 'lost'>> {
  const typed = { name: '山田 花子', phone: '03-1234-5678' };
  const answer = await postOnce(form, typed);
  const shown = ['登録は完了していません', '03-0000-0000', ...Object.values(typed)];
  const { status } = await fetch(`${site.url}/articles/pmo-yametoke`);
  return { status: answer.status, isHonest: shown.every((words) => answer.body.includes(words)), readerStatus: status };
}

/** The site starts on a folder that cannot be written; then it can, and the site is not started again. */
export async function startReadOnly(): Promise<Refusal> {
  const disk = makeDisk(32);
  const own = { DATA_DIR: path.join(disk.folder, 'data'), CONTENT_DIR: path.resolve('content') };
  const site = await runSite(own);
  try {
    const before = newVisit();
    await send(before, await readForm(`${site.url}/register`));
    await site.stop();
    disk.remount('ro');
    await site.start();
    const form = await readForm(`${site.url}/register`);
    const refusal = await refusalOf(site, form);
    disk.remount('rw');
    const cureSeconds = await secondsUntilAccepted(form);
    const { broken } = await check([before], rowsOf(path.join(own.DATA_DIR, 'leads.sqlite')), []);
    return { ...refusal, cureSeconds, lost: broken.lost.length };
  } finally {
    await site.remove('SIGKILL');
    disk.remove();
  }
}

/** The kernel makes the file system read-only under a running site, as it does when a disk has a fault, until it is mended. */
export async function breakDisk(): Promise<Refusal> {
  const disk = makeDisk(32);
  const own = { DATA_DIR: path.join(disk.folder, 'data') };
  const site = await runSite(own);
  try {
    const form = await readForm(`${site.url}/register`);
    const visits: Visit[] = Array.from({ length: 10 }, newVisit);
    for (const visit of visits) await send(visit, form);
    writeFileSync(`/sys/fs/ext4/${path.basename(disk.device)}/trigger_fs_error`, '1');
    const refusal = await refusalOf(site, form);
    disk.repair();
    const cureSeconds = await secondsUntilAccepted(form);
    const { broken } = await check(visits, rowsOf(path.join(own.DATA_DIR, 'leads.sqlite')), []);
    return { ...refusal, cureSeconds, lost: broken.lost.length };
  } finally {
    await site.remove('SIGKILL');
    disk.remove();
  }
}

export type Locked = {
  readerP99Ms: number;
  slowestMs: number;
  odd: number;
  acceptedMeanwhile: number;
  cureSeconds: number;
};

/** Another process holds the writer's lock for `seconds` while people register and read. */
export async function lockOut(seconds: number): Promise<Locked> {
  const site = await runSite();
  const holder = new DatabaseSync(path.join(site.dataDir, 'leads.sqlite'), { timeout: 5000 });
  try {
    const form = await readForm(`${site.url}/register`);
    await send(newVisit(), form);
    holder.exec('BEGIN EXCLUSIVE');
    const end = performance.now() + seconds * 1000;
    const isOver = () => performance.now() >= end;
    const readTimes: number[] = [];
    const posts: Visit['posts'] = [];
    const reader = async () => {
      while (!isOver()) {
        const before = performance.now();
        await (await fetch(`${site.url}/articles/pmo-yametoke`)).arrayBuffer();
        readTimes.push(performance.now() - before);
        await pause(5);
      }
    };
    const registrant = async () => {
      while (!isOver()) posts.push(await send(newVisit(), form));
    };
    await Promise.all([reader(), reader(), registrant(), registrant(), registrant()]);
    const during = posts.filter(({ askedAt, milliseconds }) => askedAt + milliseconds < end);
    holder.exec('ROLLBACK');
    const cureSeconds = await secondsUntilAccepted(form);
    return {
      readerP99Ms: quantile(readTimes, 0.99),
      slowestMs: Math.max(...posts.map(({ milliseconds }) => milliseconds)),
      odd: posts.filter(({ status }) => status !== ACCEPTED && status !== 503).length,
      acceptedMeanwhile: during.filter(({ status }) => status === ACCEPTED).length,
      cureSeconds,
    };
  } finally {
    holder.close();
    await site.remove('SIGKILL');
  }
}
