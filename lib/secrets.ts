import '#server-only';
import { hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/**
 * `actionsKey` fixes the ids of server actions (base64, 32 bytes), so that a form of the last build still reaches this
 * one. `signingKey` signs addresses (base64, 32 bytes). It is derived, so that replicas which share the one variable
 * `NEXT_SERVER_ACTIONS_ENCRYPTION_KEY` also accept each other's addresses.
 */
export type Secrets = { actionsKey: string; signingKey: string };

/**
 * The secrets of this site: from `actionsKey` where the environment sets it, otherwise made once in `dataDir` (folder
 * 0700, file 0600) and the same ever after. Two processes that start at once get the same; after a crash at any moment
 * there is a whole file or none.
 */
export function secrets(dataDir: string, actionsKey?: string): Secrets {
  const key = actionsKey ?? keptKey(dataDir);
  const signing = hkdfSync('sha256', Buffer.from(key, 'base64'), '', 'signed addresses', 32);
  return { actionsKey: key, signingKey: Buffer.from(signing).toString('base64') };
}

function keptKey(dataDir: string): string {
  const file = path.join(dataDir, 'actions.key');
  const kept = readKey(file);
  if (kept) return kept;
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const aside = path.join(dataDir, `.${randomUUID()}.key`);
  fs.writeFileSync(aside, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    // A link never overwrites: the process that comes second reads what the first one made.
    fs.linkSync(aside, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    fs.unlinkSync(aside);
  }
  syncFolder(dataDir);
  const made = readKey(file);
  if (!made) throw new Error(`${file}: 作成した直後に読めません`);
  return made;
}

function readKey(file: string): string | undefined {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  if (Buffer.from(text, 'base64').length !== 32) {
    throw new Error(`${file}: base64の32バイトではありません。バックアップから戻すか、削除して作り直してください`);
  }
  return text;
}

function syncFolder(folder: string): void {
  const handle = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
