import '#server-only';
import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import { readEnv } from '#lib/env.ts';
import { perProcess } from '#lib/per-process.ts';
import { type Compiled, compile } from './compile.ts';
import { atTop, displayPath, isPlainFile, type Listing, listContent, readText } from './folder.ts';
import { type Author, authorSchema, categoriesSchema, type Fault, figuresSchema } from './schema.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import { countCharacters, readArticle, readYaml, type Source } from './source.ts';
import { byPlace, type Kept, takeStock, type Version } from './stock.ts';

export type Catalog = {
  /** What readers see at `now`. The same object until a file changes or `nextChangeAt` is reached. */
  snapshot(now: Date): Snapshot;
  /** The body of an article; `broken` when it cannot be drawn, with the places in its file. */
  compiled(slug: string): Promise<Compiled>;
  /** Everything wrong in the content folder as far as it is known, sorted by place. */
  problems(): Fault[];
  /** For `/readyz`: articles in stock, and the problems as `path:line:col: message`. */
  condition(): { articles: number; problems: string[] };
  /**
   * Reads what changed on disk (only these files, where they are known). A changed body is compiled before it
   * replaces the good version; one that is broken leaves the good version in place. True when anything changed.
   */
  refresh(files?: readonly string[]): Promise<boolean>;
  /** Compiles every body that nobody has asked for yet, so that its faults are known. True when one was broken. */
  verify(): Promise<boolean>;
};

/** The slow work of a catalog. By default done on the spot; `watchContent` gives it to a thread. */
export type Workshop = {
  compile(source: Source): Compiled | Promise<Compiled>;
  list(root: string): Listing | Promise<Listing>;
};

/** How many compiled bodies are kept: a page is compiled for its head and its body, and shortly after it was saved. */
const BODIES_KEPT = 32;

/** The catalog of this process, read from CONTENT_DIR on first use. */
export function catalog(): Catalog {
  return perProcess('articles.catalog', () => openCatalog(readEnv().contentDir));
}

/** Reads the front matter of every article in `root`; bodies wait until they are asked for. */
export function openCatalog(root: string, workshop: Workshop = { compile, list: listContent }): Catalog {
  const articles = new Map<string, Kept<Version> & { slug: string }>();
  const authors = new Map<string, Kept<Author>>();
  const files = {
    articles,
    authors,
    categories: readSetting(root, 'categories.yaml', categoriesSchema, undefined),
    figures: readSetting(root, 'figures.yaml', figuresSchema, undefined),
  };
  const bodies = new Map<string, Compiled>();
  const verified = new WeakSet<Version>();
  let folderFaults: Fault[] = [];
  let taken: ReturnType<typeof takeStock> | undefined;
  let window: { from: Date; until: Date | null; snapshot: Snapshot } | undefined;
  let busy: Promise<unknown> = Promise.resolve();

  const stock = () => {
    taken ??= takeStock(files);
    return taken;
  };
  const changed = () => {
    taken = undefined;
    window = undefined;
  };

  /** Notes what a listing says; returns the files whose signature is new. */
  function compare(listing: Listing): string[] {
    if (listing.status === 'missing') {
      // In mid-replacement, or lost: everything stays as it was until the folder is back.
      folderFaults = [atTop(displayPath(root, ''), 'フォルダーが見つかりません（articlesを含むフォルダーを置きます）')];
      return [];
    }
    if (JSON.stringify(folderFaults) !== JSON.stringify(listing.faults)) {
      folderFaults = listing.faults;
      changed();
    }
    const gone = [...articles.keys(), ...authors.keys()].filter((file) => !listing.files.has(file));
    for (const file of gone) forget(file);
    return [...listing.files]
      .filter(([file, signature]) => keptOf(file)?.signature !== signature)
      .map(([file]) => file);
  }

  function keptOf(file: string): { signature: string } | undefined {
    if (file === 'categories.yaml') return files.categories;
    if (file === 'figures.yaml') return files.figures;
    return articles.get(file) ?? authors.get(file);
  }

  function forget(file: string): void {
    if (articles.delete(file) || authors.delete(file)) changed();
  }

  /** Reads one file. An article comes back unless it is broken, and is in stock only after `accept`. */
  function read(file: string): { version: Version; signature: string } | undefined {
    if (file === 'categories.yaml') files.categories = readSetting(root, file, categoriesSchema, files.categories);
    else if (file === 'figures.yaml') files.figures = readSetting(root, file, figuresSchema, files.figures);
    else if (file.startsWith('authors/')) {
      const id = file.slice('authors/'.length, -'.yaml'.length);
      authors.set(
        file,
        readSetting(
          root,
          file,
          authorSchema.transform((author) => ({ ...author, id })),
          authors.get(file),
        ),
      );
    } else return readVersion(file);
    changed();
    return undefined;
  }

  function readVersion(file: string): { version: Version; signature: string } | undefined {
    const slug = slugOf(file);
    const found = readText(root, file);
    if (found.status === 'gone') {
      forget(file);
      return undefined;
    }
    const { signature } = found;
    const parsed =
      found.status === 'read'
        ? readArticle(displayPath(root, file), found.text)
        : { status: 'broken' as const, faults: [found.fault] };
    if (parsed.status === 'broken') {
      refuse(file, signature, parsed.faults);
      return undefined;
    }
    const { source, matter } = parsed.value;
    const sourceHash = hash('sha256', source.text, 'base64url').slice(0, 16);
    return { version: { slug, source, matter, sourceHash, characters: countCharacters(source) }, signature };
  }

  function accept(file: string, version: Version, signature: string): void {
    articles.set(file, { slug: version.slug, signature, good: version, faults: [] });
    changed();
  }

  function refuse(file: string, signature: string, faults: Fault[]): void {
    articles.set(file, { slug: slugOf(file), signature, good: articles.get(file)?.good, faults });
    changed();
  }

  async function compileOnce(version: Version): Promise<Compiled> {
    const known = bodies.get(version.sourceHash);
    if (known) return known;
    const compiled = await workshop.compile(version.source);
    bodies.set(version.sourceHash, compiled);
    const [oldest] = bodies.keys();
    if (bodies.size > BODIES_KEPT && oldest !== undefined) bodies.delete(oldest);
    return compiled;
  }

  /** Compiles a version that is in stock; a broken one is taken out. */
  async function check(file: string, version: Version): Promise<Compiled> {
    const compiled = await compileOnce(version);
    const kept = articles.get(file);
    if (compiled.status === 'compiled') verified.add(version);
    else if (kept?.good === version) {
      articles.set(file, { ...kept, good: undefined, faults: compiled.faults });
      changed();
    }
    return compiled;
  }

  async function refresh(only: readonly string[] | undefined): Promise<boolean> {
    const before = taken;
    const plain = only?.every((file) => isPlainFile(root, file));
    const pending = only && plain ? only : compare(await workshop.list(root));
    for (const file of pending) {
      const candidate = read(file);
      if (!candidate) continue;
      const { version, signature } = candidate;
      if (articles.get(file)?.good?.sourceHash === version.sourceHash) {
        const kept = articles.get(file);
        if (kept) articles.set(file, { ...kept, signature, faults: [] });
        changed();
        continue;
      }
      const compiled = await compileOnce(version);
      if (compiled.status === 'compiled') {
        verified.add(version);
        accept(file, version, signature);
      } else refuse(file, signature, compiled.faults);
      // A pull may bring thousands of files: requests are answered in between.
      await nextTurn();
    }
    return taken !== before || taken === undefined;
  }

  for (const file of compare(listContent(root))) {
    const candidate = read(file);
    if (candidate) accept(file, candidate.version, candidate.signature);
  }

  return {
    snapshot(now) {
      if (!window || now < window.from || (window.until && now >= window.until)) {
        const snapshot = takeSnapshot(stock().stock, now);
        window = { from: now, until: snapshot.nextChangeAt, snapshot };
      }
      return window.snapshot;
    },
    async compiled(slug) {
      for (const [file, { slug: own, good }] of articles) {
        if (own === slug && good) return check(file, good);
      }
      return { status: 'broken', faults: [...(stock().stock.broken.get(slug) ?? [])] };
    },
    problems: () => [...stock().faults, ...folderFaults].sort(byPlace),
    condition() {
      const problems = this.problems().map(
        ({ path, line, column, message }) => `${path}:${line}:${column}: ${message}`,
      );
      return { articles: stock().stock.articles.length, problems };
    },
    refresh(only) {
      const turn = busy.then(() => refresh(only));
      busy = turn.catch(() => undefined);
      return turn;
    },
    async verify() {
      let broken = false;
      for (const [file, { good }] of [...articles]) {
        if (!good || verified.has(good)) continue;
        broken = (await check(file, good)).status === 'broken' || broken;
        await nextTurn();
      }
      return broken;
    },
  };
}

function slugOf(file: string): string {
  return file.replace(/^articles\//, '').replace(/(?:\/index)?\.mdx$/, '');
}

/** Reads a YAML file; where it is broken or gone, what it said last stays good. */
function readSetting<T>(root: string, file: string, schema: z.ZodType<T>, before: Kept<T> | undefined): Kept<T> {
  const path = displayPath(root, file);
  const found = readText(root, file);
  if (found.status === 'gone') {
    return { signature: '', good: before?.good, faults: [atTop(path, 'ファイルがありません（元に戻します）')] };
  }
  const { signature } = found;
  if (found.status === 'broken') return { signature, good: before?.good, faults: [found.fault] };
  const parsed = readYaml(path, found.text, schema);
  return parsed.status === 'read'
    ? { signature, good: parsed.value, faults: [] }
    : { signature, good: before?.good, faults: parsed.faults };
}
