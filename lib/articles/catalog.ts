import '#server-only';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readEnv } from '#lib/env.ts';
import { perProcess } from '#lib/per-process.ts';
import type { Compiled } from './compile.ts';
import { type Listing, listContent, readText, type Signature } from './folder.ts';
import { type Kept, keep, readAuthor, readSetting, readVersion, type Version } from './kept.ts';
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
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import type { Source } from './source.ts';
import { byPlace, restock, type Stock, takeStock } from './stock.ts';
import { faultsOf, onTheSpot, type Workshop } from './workshop.ts';

export type Catalog = {
  /** What readers see at `now`. The same object until a file changes or `nextChangeAt` is reached. */
  snapshot(now: Date): Snapshot;
  /** The body of an article; `broken` when it cannot be drawn, with the places in its file. */
  compiled(slug: string): Promise<Compiled>;
  /** An article in stock, whether readers may see it or not. */
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
  /** Compiles every body that nobody has asked for yet, so that `problems` knows all. True as for `refresh`. */
  verify(): Promise<boolean>;
  /** From now on bodies are compiled there. */
  workIn(workshop: Workshop): void;
};

/** How many compiled bodies are kept: a page is compiled for its head and its body, and shortly after it was saved. */
const BODIES_KEPT = 32;

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
  const bodies = new Map<string, Compiled>();
  const verified = new WeakSet<Version>();
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
      const version = readVersion(root, file, found);
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

  /** A body that turns out broken takes its version out of stock, unless a newer one is there already. */
  function note(version: Version, faults: Fault[]): void {
    if (faults.length === 0) verified.add(version);
    else if (files.articles.get(version.file)?.good === version) {
      files.articles.set(version.file, { good: undefined, faults });
      changed();
    }
  }

  async function compileBody(version: Version): Promise<Compiled> {
    const known = bodies.get(version.sourceHash);
    if (known) return known;
    const compiled = await workshop.compile(version.source);
    const [oldest] = bodies.keys();
    if (bodies.size >= BODIES_KEPT && oldest !== undefined) bodies.delete(oldest);
    bodies.set(version.sourceHash, compiled);
    return compiled;
  }

  async function replace(candidate: Version): Promise<void> {
    const { good, faults } = files.articles.get(candidate.file) ?? {};
    if (good?.sourceHash === candidate.sourceHash) {
      if (faults?.length) accept(good);
      return;
    }
    const unknown = unknownNames(candidate, namesIn(files));
    if (unknown.length > 0) return refuse(candidate.file, unknown);
    const compiled = await compileBody(candidate);
    if (compiled.status === 'broken') return refuse(candidate.file, compiled.faults);
    verified.add(candidate);
    accept(candidate);
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
      const compiled = await compileBody(version);
      note(version, faultsOf(compiled));
      return compiled;
    },
    article: (slug) => stockNow().bySlug.get(slug),
    source: (slug) => stockNow().versions.get(slug)?.source,
    figures: () => stockNow().figures,
    problems,
    condition() {
      const { articles } = stockNow();
      return { articles: articles.length, problems: problems().map(faultLine) };
    },
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
        if (good && !verified.has(good)) note(good, await workshop.faultsOf(good.source));
      }
      return changes !== before;
    },
    workIn(given) {
      workshop = given;
    },
  };
}

const NOTHING_YET = { good: undefined, faults: [] };
/** Stands for the signature of a settings file that is not there, so that this is said once. */
const ABSENT = 'absent';
const SETTINGS = ['categories.yaml', 'figures.yaml'];
