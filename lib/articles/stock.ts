import '#server-only';
import type { Article, Author, Category, Fault, Figure, FrontMatter } from './schema.ts';
import { newestFirst, type Stock } from './snapshot.ts';
import { placeOfKey, type Source } from './source.ts';

/** A file as it is kept: its last good content, and what is wrong with what stands on disk now. */
export type Kept<T> = { signature: string; good: T | undefined; faults: Fault[] };

/** A good version of an article file. */
export type Version = {
  slug: string;
  source: Source;
  matter: FrontMatter;
  sourceHash: string;
  characters: number;
};

export type Files = {
  articles: ReadonlyMap<string, Kept<Version> & { slug: string }>;
  authors: ReadonlyMap<string, Kept<Author>>;
  categories: Kept<Category[]>;
  figures: Kept<Figure[]>;
};

const READING_SPEED = 500;

/**
 * Brings the files together: authors and categories by their ids, slugs and aliases across the folder. What does not
 * fit together is a fault of the article that causes it; all others are in stock.
 */
export function takeStock(files: Files): { stock: Stock; faults: Fault[] } {
  const authors = new Map([...files.authors.values()].flatMap(({ good }) => (good ? [[good.id, good]] : [])));
  const categories = new Map((files.categories.good ?? []).map((category) => [category.id, category]));
  const bySlug = new Map<string, Article>();
  const versions = new Map<string, Version>();
  const broken = new Map<string, Fault[]>();
  const faults: Fault[] = [];
  for (const { slug, good, faults: known } of files.articles.values()) {
    faults.push(...known);
    if (!good) {
      if (!bySlug.has(slug)) broken.set(slug, known);
      continue;
    }
    if (versions.has(slug)) {
      const message = `同じslug「${slug}」の記事が2つあります（${versions.get(slug)?.source.path}とどちらかを消します）`;
      faults.push({ path: good.source.path, line: 1, column: 1, message });
      continue;
    }
    const resolved = resolve(good, authors, categories);
    if (resolved.status === 'broken') {
      faults.push(...resolved.faults);
      broken.set(slug, resolved.faults);
    } else {
      bySlug.set(slug, resolved.article);
      versions.set(slug, good);
      broken.delete(slug);
    }
  }
  const aliases = new Map<string, string>();
  for (const [slug, { source, matter }] of versions) {
    for (const alias of matter.aliases) {
      const taken = bySlug.has(alias) ? alias : aliases.get(alias);
      if (taken === undefined) aliases.set(alias, slug);
      else {
        const message = `aliasesの「${alias}」は記事「${taken}」が使っています（この行から消します）`;
        faults.push({ ...placeOfKey(source, 'aliases'), message });
      }
    }
  }
  for (const kept of [...files.authors.values(), files.categories, files.figures]) faults.push(...kept.faults);
  return {
    faults: faults.sort(byPlace),
    stock: {
      articles: [...bySlug.values()].sort(newestFirst),
      bySlug,
      sourceHash: (slug) => versions.get(slug)?.sourceHash ?? '',
      broken,
      aliases,
      categories: [...categories.values()],
      authors: [...authors.values()],
      figures: files.figures.good ?? [],
    },
  };
}

/** Faults in the order in which they are read out: by file, line, column. */
export function byPlace(a: Fault, b: Fault): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.line - b.line || a.column - b.column || (a.message < b.message ? -1 : 1);
}

// The same version with the same author and category is the same object: what is worked out from it stays valid.
const resolvedBefore = new WeakMap<Version, Article>();

function resolve(
  version: Version,
  authors: ReadonlyMap<string, Author>,
  categories: ReadonlyMap<string, Category>,
): { status: 'resolved'; article: Article } | { status: 'broken'; faults: Fault[] } {
  const { slug, source, matter, characters } = version;
  const author = authors.get(matter.author);
  const supervisor = matter.supervisor === undefined ? undefined : authors.get(matter.supervisor);
  const category = categories.get(matter.category);
  const known = resolvedBefore.get(version);
  if (known && known.author === author && known.category === category && known.supervisor === supervisor) {
    return { status: 'resolved', article: known };
  }
  const faults: Fault[] = [];
  const unknown = (key: string, id: string, home: string, ids: Iterable<string>) =>
    faults.push({
      ...placeOfKey(source, key),
      message: `${key}の「${id}」は${home}にありません（使えるid: ${[...ids].join('、')}）`,
    });
  if (!author) unknown('author', matter.author, 'content/authors', authors.keys());
  if (matter.supervisor !== undefined && !supervisor) {
    unknown('supervisor', matter.supervisor, 'content/authors', authors.keys());
  }
  if (!category) unknown('category', matter.category, 'content/categories.yaml', categories.keys());
  if (!author || !category || faults.length > 0) return { status: 'broken', faults };
  const { image, imageAlt, ...rest } = matter;
  const article: Article = {
    ...rest,
    slug,
    updatedAt: matter.updatedAt,
    expiresAt: matter.expiresAt,
    author,
    supervisor,
    category,
    image: image && imageAlt ? { file: image, alt: imageAlt } : undefined,
    characters,
    minutes: Math.max(1, Math.ceil(characters / READING_SPEED)),
  };
  resolvedBefore.set(version, article);
  return { status: 'resolved', article };
}
