import '#server-only';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { readEnv } from '#lib/env.ts';
import { perProcess } from '#lib/per-process.ts';
import { keepBodies, type Outcome, outcomeOf } from './bodies.ts';
import type { Compiled } from './compile.ts';
import { ABSENT, type Listing, listContent, readText, SETTINGS, type Signature } from './folder.ts';
import { type Kept, keep, NOTHING_YET, readAuthor, readSetting, readVersion, type Version } from './kept.ts';
import { namesIn, unknownNames } from './names.ts';
import {
  type Article,
  type Author,
  type Category,
  categoriesSchema,
  type Fault,
  type Figure,
  faultLine,
  figuresSchema,
} from './schema.ts';
import { openShelf } from './shelf.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import type { Source } from './source.ts';
import { byPlace, restock, type Stock, takeStock } from './stock.ts';
import { onTheSpot, type Workshop } from './workshop.ts';

export type Catalog = {
  /** What readers see at `now`. The same object until a file changes or `nextChangeAt` is reached. */
  snapshot(now: Date): Snapshot;
  /** The body of an article; `broken` when it cannot be drawn, with the places in its file. */
  compiled(slug: string): Promise<Compiled>;
  /** Every article in stock, newest first, whether readers may see it or not. */
  articles(): readonly Article[];
  /** One of them. */
  article(slug: string): Article | undefined;
  /** The text that the article at `slug` was read from: the same object until its file changes. */
  source(slug: string): Source | undefined;
  /** All figures, whatever their age. */
  figures(): readonly Figure[];
  /** Everything wrong in the content folder as far as it is known, sorted by place. */
  problems(): Fault[];
  /** For `/readyz`: articles in stock, and the problems as `path:line:col: message`. */
  condition(): { articles: number; problems: string[] };
  /**
   * Takes over what changed on disk: these files (paths inside the folder), or whatever differs from a listing. A
   * changed article is compiled before it replaces the good version; a broken one leaves the good version in place.
   * True when what readers see or `problems` may have changed. Calls wait for each other.
   */
  refresh(changes: readonly string[] | Listing): Promise<boolean>;
  /**
   * Compiles every body that nobody has asked for yet, so that `problems` knows all. True as for `refresh`. Rests between
   * them, so that readers keep the machine: 100 articles take three seconds, 10,000 some five minutes.
   */
  verify(): Promise<boolean>;
  /** Hashes of all pictures that articles show; undefined as long as not every body was looked at. */
  picturesInUse(): ReadonlySet<string> | undefined;
  /** From now on bodies are compiled there. */
  workIn(workshop: Workshop): void;
};

/** The catalog of this process, read from CONTENT_DIR on first use. */
export function catalog(): Catalog {
  return perProcess('articles.catalog', () => openCatalog(readEnv().contentDir));
}

/** Reads the front matter of every article in `root`; bodies wait until they are asked for. */
export function openCatalog(root: string): Catalog {
  const files: {
    articles: Map<string, Kept<Version>>;
    authors: Map<string, Kept<Author>>;
    categories: Kept<Category[]>;
    figures: Kept<Figure[]>;
  } = { articles: new Map(), authors: new Map(), categories: NOTHING_YET, figures: NOTHING_YET };
  const signatures = new Map<string, Signature>();
  const bodies = keepBodies(root);
  const verified = new WeakSet<Version>();
  const shelve = openShelf();
  let folderFaults: Fault[] = [];
  let taken: Stock | undefined;
  let window: { from: Date; until: Date | null; snapshot: Snapshot } | undefined;
  let workshop: Workshop = onTheSpot;
  let underWay: Promise<unknown> = Promise.resolve();
  let changes = 0;

  function changed(stock?: Stock): void {
    taken = stock;
    window = undefined;
    changes += 1;
  }

  function stockNow(): Stock {
    taken ??= takeStock(files);
    return taken;
  }

  function problems(): Fault[] {
    return [...stockNow().faults, ...folderFaults].sort(byPlace);
  }

  /** The files that are not as they were read, settings first: articles refer to them. */
  function differing(listing: Listing): string[] {
    const faults = listing.status === 'missing' ? [listing.fault] : listing.faults;
    if (JSON.stringify(faults) !== JSON.stringify(folderFaults)) {
      folderFaults = faults;
      changed();
    }
    // A folder that is not there is being replaced, or lost: what was read stays until it is back.
    if (listing.status === 'missing') return [];
    const gone = [...new Set([...SETTINGS, ...signatures.keys()])].filter(
      (file) => !listing.files.has(file) && signatures.get(file) !== ABSENT,
    );
    const written = [...listing.files].filter(([file, signature]) => signatures.get(file) !== signature);
    const isArticle = (file: string) => Number(file.startsWith('articles/'));
    return [...gone, ...written.map(([file]) => file)].sort((a, b) => isArticle(a) - isArticle(b));
  }

  /** Reads one file. Settings count at once; an article comes back as a candidate for `accept`. */
  function read(file: string): Version | undefined {
    const found = readText(root, file);
    if (found.status !== 'gone') signatures.set(file, found.signature);
    else if (SETTINGS.includes(file)) signatures.set(file, ABSENT);
    else signatures.delete(file);
    if (file.startsWith('articles/')) {
      if (found.status === 'gone') {
        if (files.articles.delete(file)) changed();
        return undefined;
      }
      const version = readVersion(root, file, found, shelve);
      if (version.status === 'read') return version.value;
      refuse(file, version.faults);
      return undefined;
    }
    if (file === 'categories.yaml') {
      files.categories = keep(files.categories, readSetting(root, file, found, categoriesSchema));
    } else if (file === 'figures.yaml') {
      files.figures = keep(files.figures, readSetting(root, file, found, figuresSchema));
    } else if (found.status === 'gone') files.authors.delete(file);
    else files.authors.set(file, keep(files.authors.get(file), readAuthor(root, file, found)));
    changed();
    return undefined;
  }

  function accept(version: Version): void {
    files.articles.set(version.file, { good: version, faults: [] });
    changed(taken && restock(taken, files, version));
  }

  function refuse(file: string, faults: Fault[]): void {
    files.articles.set(file, { good: files.articles.get(file)?.good, faults });
    changed();
  }

  /**
   * A body that turns out broken takes its version out of stock, and one with pictures gets to know them, unless a newer
   * one is there already.
   */
  function note(version: Version, { faults, shown }: Outcome): void {
    verified.add(version);
    if (files.articles.get(version.file)?.good !== version) return;
    if (faults.length > 0) {
      files.articles.set(version.file, { good: undefined, faults: [...faults] });
      changed();
    } else if (shown?.hashes.length && !version.shown) acceptShown(version, shown);
  }

  function acceptShown(version: Version, shown: Outcome['shown']): void {
    const seen = shown ? { ...version, shown } : version;
    verified.add(seen);
    accept(seen);
  }

  async function replace(candidate: Version): Promise<void> {
    const { good, faults } = files.articles.get(candidate.file) ?? {};
    if (good?.sourceHash === candidate.sourceHash) {
      if (faults?.length) accept(good);
      return;
    }
    const unknown = unknownNames(candidate, namesIn(files));
    if (unknown.length > 0) return refuse(candidate.file, unknown);
    const compiled = await bodies.compile(candidate, workshop);
    if (compiled.status === 'broken') return refuse(candidate.file, compiled.faults);
    acceptShown(candidate, compiled.body.shown);
  }

  for (const file of differing(listContent(root))) {
    const version = read(file);
    if (version) accept(version);
  }

  return {
    snapshot(now) {
      if (!window || now < window.from || (window.until && now >= window.until)) {
        const snapshot = takeSnapshot(stockNow(), now);
        window = { from: now, until: snapshot.nextChangeAt, snapshot };
      }
      return window.snapshot;
    },
    async compiled(slug) {
      const { versions, broken } = stockNow();
      const version = versions.get(slug);
      if (!version) return { status: 'broken', faults: [...(broken.get(slug) ?? [])] };
      const compiled = await bodies.compile(version, workshop);
      note(version, outcomeOf(compiled));
      return compiled;
    },
    articles: () => stockNow().articles,
    article: (slug) => stockNow().bySlug.get(slug),
    source: (slug) => stockNow().versions.get(slug)?.source,
    figures: () => stockNow().figures,
    problems,
    condition: () => ({ articles: stockNow().articles.length, problems: problems().map(faultLine) }),
    refresh(what) {
      const turn = underWay.then(async () => {
        const before = changes;
        for (const file of 'status' in what ? differing(what) : what) {
          const candidate = read(file);
          if (!candidate) continue;
          await replace(candidate).catch((error: unknown) => {
            // The thread failed, not the article: the next comparison takes it up again.
            signatures.delete(file);
            throw error;
          });
          // A pull may bring thousands of files: requests are answered in between.
          await nextTurn();
        }
        return changes !== before;
      });
      underWay = turn.catch(() => undefined);
      return turn;
    },
    async verify() {
      const before = changes;
      for (const { good } of [...files.articles.values()]) {
        if (!good || verified.has(good)) continue;
        const started = performance.now();
        note(good, await bodies.look(good, workshop));
        await pause((performance.now() - started) * 4, undefined, { ref: false });
      }
      return changes !== before;
    },
    picturesInUse() {
      const versions = [...files.articles.values()].flatMap(({ good }) => (good ? [good] : []));
      if (!versions.every((version) => verified.has(version))) return undefined;
      return new Set(versions.flatMap(({ shown }) => shown?.hashes ?? []));
    },
    workIn(given) {
      workshop = given;
    },
  };
}
