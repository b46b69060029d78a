import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readForm } from '../support/form-post.ts';
import { runSite } from '../support/running-site.ts';
import { check, damageOf, rowsOf } from './checker.ts';
import type { Dice } from './dice.ts';
import { exportedLeads, runLeads } from './truth.ts';
import { ACCEPTED, isAccepted, letIn, newVisit, send, type Visit } from './visitors.ts';

// The files themselves: a log whose end is gone, and a copy made while people register.

const MOST_TORN_BYTES = 256 * 1024;

/** `lost` are the newest `accepted` leads and none else. */
export type TornLog = { accepted: number; lost: number; isLostFromEnd: boolean; damage: number; acceptsAgain: boolean };

/** The site is killed and the end of its write-ahead log is cut off or overwritten, as a disk may after a power cut. */
export async function tearLog(dice: Dice): Promise<TornLog> {
  const site = await runSite({}, undefined, 'tests/faults/office.ts');
  try {
    const visits: Visit[] = [];
    const form = await readForm(`${site.url}/register`);
    const isOver = () => visits.filter(isAccepted).length >= 60;
    await letIn({ forms: [form], clients: 1, isOver, dice, visits });
    await site.stop('SIGKILL');
    const log = path.join(site.dataDir, 'leads.sqlite-wal');
    const bytes = readFileSync(log);
    const kept = endOfLog(bytes) - dice.between(1, MOST_TORN_BYTES);
    if (dice.chance(1 / 2)) truncateSync(log, kept);
    else writeFileSync(log, Buffer.concat([bytes.subarray(0, kept), Buffer.alloc(bytes.length - kept, 0x5a)]));
    await site.start();
    const rows = rowsOf(path.join(site.dataDir, 'leads.sqlite'));
    const accepted = visits.filter(isAccepted);
    const { broken } = await check(accepted, rows, []);
    const lost = new Set(broken.lost);
    const firstLost = accepted.findIndex(({ id }) => lost.has(id));
    // A correction that was cut off makes its whole visit count as lost, though the visits after it may be there.
    const isLostFromEnd = firstLost < 0 || accepted.slice(firstLost).every(({ id }) => lost.has(id));
    return {
      accepted: accepted.length,
      lost: lost.size,
      isLostFromEnd,
      damage: (await damageOf(rows)).length,
      acceptsAgain: (await send(newVisit(), form)).status === ACCEPTED,
    };
  } finally {
    await site.remove('SIGKILL');
  }
}

/** Where the newest frame ends: what lies behind it is of an earlier round (https://www.sqlite.org/walformat.html). */
function endOfLog(log: Buffer): number {
  const [header, frameHeader] = [32, 24];
  const frame = frameHeader + log.readUInt32BE(8);
  const salts = log.subarray(16, 24);
  let end = header;
  while (end + frame <= log.length && log.subarray(end + 8, end + 16).equals(salts)) end += frame;
  return end;
}

/** `missing`: accepted before the backup began and not in it. */
export type Backup = { accepted: number; inBackup: number; missing: number; damage: number; differing: number };

/** `leads backup` while 8 clients register; the copy is then opened as a site's own. */
export async function backUpUnderLoad(dice: Dice): Promise<Backup> {
  const site = await runSite({}, undefined, 'tests/faults/office.ts');
  const restored = mkdtempSync(path.join(tmpdir(), 'restored-'));
  let isOver = false;
  try {
    const visits: Visit[] = [];
    const form = await readForm(`${site.url}/register`);
    const crowd = letIn({ forms: [form], clients: 8, isOver: () => isOver, dice, visits });
    while (visits.filter(isAccepted).length < 200) await pause(20);
    const before = visits.filter(isAccepted).map((visit) => ({ ...visit, posts: [...visit.posts] }));
    const copy = path.join(restored, 'copy.sqlite');
    runLeads(site.dataDir, 'backup', copy);
    isOver = true;
    await crowd;
    cpSync(copy, path.join(restored, 'leads.sqlite'));
    const rows = rowsOf(path.join(restored, 'leads.sqlite'));
    const { broken } = await check(before, rows, []);
    const live = new Map(exportedLeads(site.dataDir));
    const inBackup = exportedLeads(restored);
    return {
      accepted: before.length,
      inBackup: inBackup.length,
      missing: broken.lost.length,
      damage: (await damageOf(rows)).length,
      differing: inBackup.filter(([id, lead]) => live.get(id) !== lead).length,
    };
  } finally {
    isOver = true;
    await site.remove('SIGKILL');
    rmSync(restored, { recursive: true, force: true });
  }
}
