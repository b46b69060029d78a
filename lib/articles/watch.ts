import '#server-only';
import fs from 'node:fs';
import path from 'node:path';
import { readEnv } from '#lib/env.ts';
import { describeError, log as processLog } from '#lib/log.ts';
import { type Catalog, catalog } from './catalog.ts';
import { identityOf, isContentFile, isScratch } from './folder.ts';
import { picturesFolder } from './images/gallery.ts';
import { faultLine } from './schema.ts';
import type { Workshop } from './workshop.ts';
import { openWorkshop } from './workshop-thread.ts';

type Options = {
  root?: string;
  articles?: Catalog;
  workshop?: Workshop;
  log?: Pick<typeof processLog, 'info' | 'warn' | 'error'>;
  /** Off, only the slow comparison notices a change. */
  events?: boolean;
  compareMs?: number;
};

/**
 * One save is several events, some tenths of a millisecond apart. What is read between two steps of a slow save is broken
 * at worst: the good version stays, and the next event brings the rest.
 */
const SETTLE_MS = 10;
const SETTLE_AT_MOST_MS = 150;
/** How soon a folder that was replaced under its name (`git worktree`, a symlink switch) is noticed. */
const IDENTITY_MS = 500;
const COMPARE_MS = 5000;
const DAY_MS = 86_400_000;
const TOP_FOLDERS = ['', 'articles', 'authors'];

/**
 * Keeps the catalog like the content folder: a moment after a file is saved, `onChange` is called and the next snapshot
 * shows it. Moves the compiling into a thread, and looks at every body once in the background, so that `problems`
 * knows the broken ones; each new problem is logged with file, line and column. Returns what stops all of it.
 *
 * One watch a folder, not `fs.watch(…, { recursive: true })`: on Linux that takes a watch for every file, and stays
 * deaf for a file once it was replaced by rename (docs/decisions/0004). A missed event is made up for by comparing
 * signatures every few seconds.
 */
export function watchContent(onChange: () => void = () => undefined, options: Options = {}): () => void {
  const { root = readEnv().contentDir, articles = catalog(), log = processLog } = options;
  const { workshop = openWorkshop({ pictures: picturesFolder(readEnv().dataDir) }) } = options;
  const { events = true, compareMs = COMPARE_MS } = options;
  const watchers = new Map<string, { identity: string; watcher: fs.FSWatcher }>();
  const pending = new Set<string>();
  let told = new Set<string>();
  let firstEventAt: number | undefined;
  let settling: NodeJS.Timeout | undefined;
  let work: Promise<void> = Promise.resolve();
  let stopped = false;

  function noticed(folder: string, name: string | null): void {
    if (name !== null && isScratch(name)) return;
    const file = name === null ? '' : path.posix.join(folder, name);
    // Anything but a file that counts may be a folder that came or went: then the whole is looked through.
    pending.add(isContentFile(file) && isRegular(path.join(root, file)) ? file : '');
    firstEventAt ??= Date.now();
    clearTimeout(settling);
    const rest = firstEventAt + SETTLE_AT_MOST_MS - Date.now();
    settling = setTimeout(takeOver, Math.max(0, Math.min(SETTLE_MS, rest)));
  }

  function takeOver(): void {
    const files = [...pending];
    pending.clear();
    firstEventAt = undefined;
    enqueue(() => (files.includes('') ? compare() : articles.refresh(files)));
  }

  function enqueue(task: () => Promise<boolean>): void {
    work = work.then(async () => {
      if (stopped) return;
      try {
        if (await task()) {
          tell();
          onChange();
        }
      } catch (error) {
        // The thread died or took too long: what is served stays, and the next comparison tries again.
        if (!stopped) log.error({ event: 'content.watch', ...describeError(error) });
      }
    });
  }

  async function compare(): Promise<boolean> {
    const listing = await workshop.list(root);
    const isNew = listing.status === 'listed' && follow(listing.folders);
    const changed = await articles.refresh(listing);
    // What was written between the listing and the new watches sent no event.
    return isNew ? (await articles.refresh(await workshop.list(root))) || changed : changed;
  }

  /** Watches exactly these folders; true when one of them is new. */
  function follow(folders: ReadonlyMap<string, string>): boolean {
    for (const [folder, { identity, watcher }] of watchers) {
      if (folders.get(folder) === identity) continue;
      watcher.close();
      watchers.delete(folder);
    }
    if (!events) return false;
    const added = [...folders].filter(([folder]) => !watchers.has(folder));
    for (const [folder, identity] of added) {
      try {
        const watcher = fs.watch(path.join(root, folder), { persistent: false }, (_, name) => noticed(folder, name));
        watcher.on('error', () => noticed('', null));
        watchers.set(folder, { identity, watcher });
      } catch (error) {
        // Too many watches for the system, or the folder went: the comparison serves it.
        log.warn({ event: 'content.unwatched', folder, ...describeError(error) });
        return false;
      }
    }
    return added.length > 0;
  }

  function tell(): void {
    const now = new Set(articles.problems().map(faultLine));
    for (const problem of now) if (!told.has(problem)) log.warn({ event: 'content.problem', problem });
    for (const problem of told) if (!now.has(problem)) log.info({ event: 'content.mended', problem });
    told = now;
  }

  /** Pictures that nobody shows any more go, as soon as it is known which ones are shown. */
  function tidy(): void {
    const inUse = articles.picturesInUse();
    if (stopped || !inUse) return;
    workshop.tidy(inUse).catch((error: unknown) => log.error({ event: 'content.pictures', ...describeError(error) }));
  }

  articles.workIn(workshop);
  tell();
  enqueue(compare);
  // Beside the queue, not in it: with thousands of articles this takes a minute, and a save must not wait for it.
  const known = articles.verify().catch((error: unknown) => {
    if (!stopped) log.error({ event: 'content.watch', ...describeError(error) });
    return false;
  });
  void known.then((found) => {
    if (found) enqueue(async () => true);
    tidy();
  });
  const identities = setInterval(() => {
    const replaced = TOP_FOLDERS.some((folder) => {
      const watched = watchers.get(folder);
      return watched && identityOf(path.join(root, folder)) !== watched.identity;
    });
    if (replaced) noticed('', null);
  }, IDENTITY_MS).unref();
  const comparison = setInterval(() => enqueue(compare), compareMs).unref();
  const tidying = setInterval(tidy, DAY_MS).unref();
  return () => {
    stopped = true;
    clearTimeout(settling);
    clearInterval(identities);
    clearInterval(comparison);
    clearInterval(tidying);
    for (const { watcher } of watchers.values()) watcher.close();
    workshop.close();
  };
}

function isRegular(file: string): boolean {
  return fs.lstatSync(file, { throwIfNoEntry: false })?.isFile() ?? true;
}
