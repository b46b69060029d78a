import '#server-only';
import { type Kept, slugOf, type Version } from './kept.ts';
import type { Article, Author, Category, Fault, Figure } from './schema.ts';
import { newestFirst, type Stock } from './snapshot.ts';
import { placeOfKey } from './source.ts';

export type Files = {
  articles: ReadonlyMap<string, Kept<Version>>;
  authors: ReadonlyMap<string, Kept<Author>>;
  categories: Kept<Category[]>;
  figures: Kept<Figure[]>;
};

/** What front matter may refer to. */
export type Names = { authors: ReadonlyMap<string, Author>; categories: ReadonlyMap<string, Category> };

const READING_SPEED = 500;

/** The authors and categories that the files hold. */
export function namesIn(files: Files): Names {
  const authors = [...files.authors.values()].flatMap(({ good }) => (good ? [[good.id, good] as const] : []));
  return {
    authors: new Map(authors),
    categories: new Map((files.categories.good ?? []).map((category) => [category.id, category])),
  };
}

/**
 * Brings the files together: authors and categories by their ids, slugs and aliases across the folder. What does not
 * fit together is a fault of the article that causes it; all others are in stock.
 */
export function takeStock(files: Files): { stock: Stock; versions: Map<string, Version>; faults: Fault[] } {
  const names = namesIn(files);
  const bySlug = new Map<string, Article>();
  const versions = new Map<string, Version>();
  const broken = new Map<string, Fault[]>();
  const faults: Fault[] = [];
  for (const [file, { good, faults: known }] of files.articles) {
    faults.push(...known);
    const slug = slugOf(file);
    const first = versions.get(slug);
    if (!good) broken.set(slug, known);
    else if (first) {
      const message = `slug「${slug}」の記事がもう1つあります（${first.source.path}とこのファイルのどちらかを消します）`;
      faults.push({ path: good.source.path, line: 1, column: 1, message });
    } else {
      const unknown = unknownNames(good, names);
      faults.push(...unknown);
      const article = draw(good, names);
      if (article) {
        bySlug.set(slug, article);
        versions.set(slug, good);
      } else broken.set(slug, unknown);
    }
  }
  for (const slug of bySlug.keys()) broken.delete(slug);
  const aliases = new Map<string, string>();
  for (const [slug, { source, matter }] of versions) {
    for (const alias of matter.aliases) {
      const taken = bySlug.has(alias) ? alias : aliases.get(alias);
      if (taken === undefined) aliases.set(alias, slug);
      else {
        const message = `aliasesの「${alias}」は記事「${taken}」が使っています（この行から「${alias}」を消します）`;
        faults.push({ ...placeOfKey(source, 'aliases'), message });
      }
    }
  }
  for (const kept of [...files.authors.values(), files.categories, files.figures]) faults.push(...kept.faults);
  return {
    faults,
    versions,
    stock: {
      articles: [...bySlug.values()].sort(newestFirst),
      bySlug,
      sourceHash: (slug) => versions.get(slug)?.sourceHash ?? '',
      broken,
      aliases,
      categories: [...names.categories.values()],
      authors: [...names.authors.values()],
      figures: files.figures.good ?? [],
    },
  };
}

/** Faults in the order in which they are read out: by file, line, column. */
export function byPlace(a: Fault, b: Fault): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.line - b.line || a.column - b.column || (a.message < b.message ? -1 : 1);
}

/** Authors and categories that an article names and nobody has described. */
export function unknownNames({ source, matter }: Version, { authors, categories }: Names): Fault[] {
  const unknown = (key: string, id: string, home: string, known: ReadonlyMap<string, unknown>): Fault[] => {
    if (known.has(id)) return [];
    const message = `${key}の「${id}」は${home}にありません（使えるid: ${[...known.keys()].join('、')}）`;
    return [{ ...placeOfKey(source, key), message }];
  };
  return [
    ...unknown('author', matter.author, 'content/authors', authors),
    ...(matter.supervisor === undefined ? [] : unknown('supervisor', matter.supervisor, 'content/authors', authors)),
    ...unknown('category', matter.category, 'content/categories.yaml', categories),
  ];
}

// The same version with the same author and category is the same object: what is worked out from it stays valid. And
// a category that was taken out of its file does not take the articles with it that name it still.
const drawnBefore = new WeakMap<Version, Article>();

function draw(version: Version, { authors, categories }: Names): Article | undefined {
  const { slug, matter, characters } = version;
  const before = drawnBefore.get(version);
  const author = authors.get(matter.author) ?? before?.author;
  const category = categories.get(matter.category) ?? before?.category;
  const supervisor =
    matter.supervisor === undefined ? undefined : (authors.get(matter.supervisor) ?? before?.supervisor);
  if (!author || !category || (matter.supervisor !== undefined && !supervisor)) return undefined;
  if (before && before.author === author && before.category === category && before.supervisor === supervisor) {
    return before;
  }
  const { title, description, publishedAt, updatedAt, expiresAt, tags, image, imageAlt, draft, disclosure } = matter;
  const article: Article = {
    slug,
    title,
    description,
    publishedAt,
    updatedAt,
    expiresAt,
    author,
    supervisor,
    category,
    tags,
    image: image !== undefined && imageAlt !== undefined ? { file: image, alt: imageAlt } : undefined,
    draft,
    disclosure,
    aliases: matter.aliases,
    characters,
    minutes: Math.max(1, Math.ceil(characters / READING_SPEED)),
  };
  drawnBefore.set(version, article);
  return article;
}
