import '#server-only';
import { type ChildProcess, fork } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Taken } from './picture.ts';
import type { PaintOutcome, PaintTask } from './worker.ts';

export type Gallery = {
  /**
   * The picture in a file, its widths made and on disk. A file that was taken before and has not changed costs a look
   * at its status. @throws when a width could not be written; asked again, it is tried again.
   */
  take(file: string): Promise<Taken>;
  /**
   * Removes the pictures that are not in use and were not for a week: pages and feeds that others have kept still name
   * them. `inUse` are hashes.
   */
  tidy(inUse: ReadonlySet<string>): Promise<void>;
  close(): void;
};

/** Where the pictures of the site are kept. */
export function picturesFolder(dataDir: string): string {
  return path.join(dataDir, 'images');
}

/** A picture of 12 million pixels takes about a second; a decoder that needs a minute will not come back. */
const LIMIT_MS = 60_000;
/** A process that waits keeps 90 MB. */
const IDLE_MS = 5_000;
const GRACE_MS = 7 * 86_400_000;
const DAY_MS = 86_400_000;

/**
 * Pictures of articles in the widths that pages offer, made once and kept in `folder` by what they show, one at a time
 * in a process of its own: it may crash, hang or fill its memory, and no request waits for it. Without a folder
 * pictures are only looked at. Nothing is started or written before a picture is taken.
 */
export function openGallery(folder: string | undefined, limitMs = LIMIT_MS): Gallery {
  const known = new Map<string, { signature: string; taken: Taken }>();
  let child: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function stop(): void {
    child?.kill('SIGKILL');
    child = undefined;
  }

  function start(): ChildProcess {
    const started = fork(new URL('./worker.ts', import.meta.url), {
      execArgv: [],
      // Nothing that this process knows by its environment is for a decoder.
      env: { NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const gone = () => {
      if (child === started) child = undefined;
    };
    // Whoever waits for an answer hears of its end too; one that ends while nobody waits is started again.
    return started.on('exit', gone).on('error', gone);
  }

  async function paint(file: string): Promise<Taken> {
    clearTimeout(idle);
    child ??= start();
    const outcome = await answerOf(child, { file, folder }, limitMs);
    if (outcome === undefined) stop();
    idle = setTimeout(stop, IDLE_MS).unref();
    switch (outcome?.status) {
      case undefined: {
        const message = `画像「${path.basename(file)}」を処理しきれません（壊れていないか確かめ、縮めて書き出し直します）`;
        return { status: 'faulty', messages: [message] };
      }
      case 'faulty':
        return { status: 'faulty', messages: [outcome.message] };
      case 'failed':
        throw new Error(`The widths of ${file} could not be kept: ${outcome.reason}`);
      case 'picture':
        return { status: 'picture', picture: outcome.picture };
    }
  }

  return {
    async take(file) {
      const signature = signatureOf(file);
      const before = known.get(file);
      if (before && before.signature === signature) return before.taken;
      const turn = last.then(() => paint(file));
      last = turn.catch(() => undefined);
      const taken = await turn;
      // What changed while it was read is read again by whoever asks next.
      if (signatureOf(file) === signature) known.set(file, { signature, taken });
      return taken;
    },
    async tidy(inUse) {
      if (folder === undefined) return;
      const names = (await fs.promises.readdir(folder).catch(unlessGone)) ?? [];
      const now = Date.now();
      for (const name of names) {
        const file = path.join(folder, name);
        const [hash = ''] = /^[0-9a-f]{24}/.exec(name) ?? [];
        const stats = await fs.promises.stat(file).catch(unlessGone);
        if (!stats) continue;
        const age = now - stats.mtimeMs;
        // The time of a file says when it was last in use.
        if (inUse.has(hash)) {
          if (age > DAY_MS) await fs.promises.utimes(file, now / 1000, now / 1000);
        } else if (age > GRACE_MS) await fs.promises.rm(file, { force: true });
      }
      for (const [file, { taken }] of known) {
        if (taken.status === 'picture' && !inUse.has(taken.picture.hash)) known.delete(file);
      }
    },
    close() {
      clearTimeout(idle);
      stop();
    },
  };
}

function signatureOf(file: string): string {
  const stats = fs.lstatSync(file, { throwIfNoEntry: false });
  return stats ? `${stats.ctimeMs}:${stats.size}:${stats.ino}` : 'none';
}

/** What the process made of a task; undefined when it ended or took too long. Keeps this process alive meanwhile. */
async function answerOf(child: ChildProcess, task: PaintTask, limitMs: number): Promise<PaintOutcome | undefined> {
  const settled = Promise.withResolvers<PaintOutcome | undefined>();
  const answered = (outcome: unknown) => settled.resolve(outcome as PaintOutcome);
  const ended = () => settled.resolve(undefined);
  const timer = setTimeout(ended, limitMs);
  child.ref();
  child.channel?.ref();
  child.once('message', answered).once('exit', ended).once('error', ended);
  child.send(task, (error) => error && ended());
  const outcome = await settled.promise;
  clearTimeout(timer);
  child.off('message', answered).off('exit', ended).off('error', ended);
  child.unref();
  child.channel?.unref();
  return outcome;
}

/** A folder or picture that is not there needs no tidying; one that may not be looked at is for the log. */
function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
