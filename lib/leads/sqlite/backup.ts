import '#server-only';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/** `exists`: a backup is never written over. `damaged`: the database was; nothing is left at `target`. */
export type Backup = { status: 'kept'; leads: number } | { status: 'nothing' | 'exists' | 'damaged' };

/** A writer holds the lock for milliseconds; this long only where the disk is stuck. */
const BUSY_MS = 10_000;

/**
 * Copies the database at `file` to `target` as it stands at one instant, while the site writes on. Whole or not there:
 * written aside, checked, synced, then named. Readable by its owner only. `VACUUM INTO` rather than a copy of the
 * pages: it holds no bytes of what was erased, and one transaction sees all of it.
 */
export function backUp(file: string, target: string): Backup {
  if (!fs.existsSync(file)) return { status: 'nothing' };
  if (fs.existsSync(target)) return { status: 'exists' };
  const aside = path.join(path.dirname(target), `.${randomUUID()}.part`);
  try {
    // SQLite writes into an empty file that is there already: so it is never readable by others.
    fs.closeSync(fs.openSync(aside, 'wx', 0o600));
    copy(file, aside);
    const leads = countSound(aside);
    if (leads === undefined) return { status: 'damaged' };
    sync(aside);
    // A link never overwrites.
    fs.linkSync(aside, target);
    sync(path.dirname(target));
    return { status: 'kept', leads };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return { status: 'exists' };
    throw error;
  } finally {
    fs.rmSync(aside, { force: true });
  }
}

function copy(file: string, aside: string): void {
  const connection = new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS });
  try {
    connection.prepare('VACUUM INTO ?').run(aside);
  } finally {
    connection.close();
  }
}

/** How many leads a sound database holds; undefined for one that is not sound. */
function countSound(file: string): number | undefined {
  const connection = new DatabaseSync(file, { readOnly: true });
  try {
    const { integrity_check } = z
      .object({ integrity_check: z.string() })
      .parse(connection.prepare('PRAGMA integrity_check').get());
    if (integrity_check !== 'ok') return undefined;
    return z.object({ leads: z.number() }).parse(connection.prepare('SELECT count(*) AS leads FROM leads').get()).leads;
  } finally {
    connection.close();
  }
}

function sync(name: string): void {
  const handle = fs.openSync(name, 'r');
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}
