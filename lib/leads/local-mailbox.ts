import '#server-only';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';

// The mailbox of a site without SMTP_URL: one `.eml` file a mail, named by its Message-ID.

const ASIDE = '.part';
const WRITING_MS = 60_000;

/**
 * Keeps one mail, exactly once however often it is called: written aside, synced, and linked under its name without
 * overwriting. When the promise resolves the file is on disk; after a crash there is a whole file or none.
 */
export async function keepMail(folder: string, messageId: string, message: Uint8Array): Promise<void> {
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  const aside = path.join(folder, `.${randomUUID()}${ASIDE}`);
  try {
    await fs.writeFile(aside, message, { mode: 0o600, flag: 'wx', flush: true });
    await fs.link(aside, path.join(folder, fileName(messageId))).catch(unless('EEXIST'));
  } finally {
    await fs.rm(aside, { force: true });
  }
  await sync(folder);
}

/**
 * Removes the local copies of mails, and what crashes left of any mail; those that never were there are fine. Synced
 * to disk when it resolves.
 */
export async function removeMails(folder: string, messageIds: readonly string[]): Promise<void> {
  for (const messageId of messageIds) await fs.rm(path.join(folder, fileName(messageId)), { force: true });
  await removeLeftovers(folder);
  await sync(folder).catch(unless('ENOENT'));
}

/** Removes files that a crash left aside: mails that are kept under their names or will be written again. */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = (await fs.readdir(folder).catch(unless('ENOENT'))) ?? [];
  for (const name of names.filter((one) => one.endsWith(ASIDE))) {
    const file = path.join(folder, name);
    const stat = await fs.stat(file).catch(unless('ENOENT'));
    // Younger ones may be another process's, written this moment.
    if (stat && Date.now() - stat.mtimeMs > WRITING_MS) await fs.rm(file, { force: true });
  }
}

function fileName(messageId: string): string {
  return `${messageId.replace(/[^\w.@-]/g, '')}.eml`;
}

async function sync(folder: string): Promise<void> {
  const handle = await fs.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function unless(code: string) {
  return (error: unknown): undefined => {
    if (!(error instanceof Error && 'code' in error && error.code === code)) throw error;
  };
}
