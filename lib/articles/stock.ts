import '#server-only';
import { slugOf, type Version } from './kept.ts';
import { draw, type Files, namesIn, unknownNames } from './names.ts';
import type { Article, Author, Category, Fault, Figure } from './schema.ts';
import { placeOfKey } from './source.ts';

/** Everything that could be shown, whatever the time. Never changed: a change of a file makes a new one. */
export type Stock = {
  /** Newest first, drafts and past and future articles included; so are the lists below. */
  articles: readonly Article[];
  bySlug: ReadonlyMap<string, Article>;
  byCategory: Lists;
  byAuthor: Lists;
  byTag: Lists;
  /** The files that the articles were read from. */
  versions: ReadonlyMap<string, Version>;
  /** Articles of which there is no good version. */
  broken: ReadonlyMap<string, readonly Fault[]>;
  aliases: ReadonlyMap<string, string>;
  categories: readonly Category[];
  authors: readonly Author[];
  figures: readonly Figure[];
  /** What does not fit together, and what is wrong in single files. */
  faults: readonly Fault[];
  /** What was worked out of dates, titles, descriptions, tags and categories; the same object while none of them changes. */
  likenesses: Likenesses;
};

/** Slugs of related articles by slug, as long as the next change by time is `until`: then the same ones are visible. */
export type Likenesses = { until: number; related: Map<string, readonly string[]> };

export type Lists = ReadonlyMap<string, readonly Article[]>;

/**
 * Brings the files together: authors and categories by their ids, slugs and aliases across the folder. What does not
 * fit together is a fault of the article that causes it; all others are in stock.
 */
export function takeStock(files: Files): Stock {
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
  for (const kept of [...files.authors.values(), files.categories, files.figures]) faults.push(...kept.faults);
  const articles = [...bySlug.values()].sort(newestFirst);
  return {
    articles,
    bySlug,
    byCategory: Map.groupBy(articles, ({ category }) => category.id),
    byAuthor: Map.groupBy(articles, ({ author }) => author.id),
    byTag: groupByTag(articles),
    versions,
    broken,
    aliases: collectAliases(versions, bySlug, faults),
    categories: [...names.categories.values()],
    authors: [...names.authors.values()],
    figures: files.figures.good ?? [],
    faults,
    likenesses: { until: Number.NaN, related: new Map() },
  };
}

/**
 * The stock with one article in a new version, or undefined where more than its own card and body changed. Taking
 * stock of 10,000 articles costs some 20 ms in which no request is answered, this less than 1 ms.
 */
export function restock(stock: Stock, files: Files, version: Version): Stock | undefined {
  const { slug, source } = version;
  const before = stock.bySlug.get(slug);
  const after = draw(version, namesIn(files));
  if (!before || !after || stock.versions.get(slug)?.file !== version.file) return undefined;
  if (!standsAlike(before, after) || stock.faults.some(({ path }) => path === source.path)) return undefined;
  const exchange = (list: readonly Article[]) => list.with(list.indexOf(before), after);
  const exchangeIn = (lists: Lists, names: readonly string[]) =>
    new Map([...lists].map(([name, list]) => [name, names.includes(name) ? exchange(list) : list]));
  return {
    ...stock,
    articles: exchange(stock.articles),
    bySlug: new Map(stock.bySlug).set(slug, after),
    byCategory: exchangeIn(stock.byCategory, [after.category.id]),
    byAuthor: exchangeIn(stock.byAuthor, [after.author.id]),
    byTag: exchangeIn(stock.byTag, after.tags),
    versions: new Map(stock.versions).set(slug, version),
    likenesses: looksAlike(before, after) ? stock.likenesses : { until: Number.NaN, related: new Map() },
  };
}

/** Whether other articles stand to both in the same way, given that both stand at the same places. */
function looksAlike(a: Article, b: Article): boolean {
  const same = (key: 'title' | 'description' | 'draft') => a[key] === b[key];
  return same('title') && same('description') && same('draft') && a.expiresAt?.getTime() === b.expiresAt?.getTime();
}

/** Whether both stand at the same places of all lists, under the same addresses. */
function standsAlike(a: Article, b: Article): boolean {
  const same = (key: 'tags' | 'aliases') => a[key].join() === b[key].join();
  const at = a.publishedAt.getTime() === b.publishedAt.getTime();
  return at && a.category === b.category && a.author === b.author && same('tags') && same('aliases');
}

/** Newest first; articles of the same instant by their slug. */
export function newestFirst(a: Article, b: Article): number {
  return b.publishedAt.getTime() - a.publishedAt.getTime() || (a.slug < b.slug ? -1 : 1);
}

function groupByTag(articles: readonly Article[]): Lists {
  const lists = new Map<string, Article[]>();
  for (const article of articles) {
    for (const tag of new Set(article.tags)) {
      const list = lists.get(tag);
      if (list) list.push(article);
      else lists.set(tag, [article]);
    }
  }
  return lists;
}

/** Old slugs and where they lead now. One that is taken is a fault of the article that claims it. */
function collectAliases(
  versions: ReadonlyMap<string, Version>,
  bySlug: ReadonlyMap<string, Article>,
  faults: Fault[],
): ReadonlyMap<string, string> {
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
  return aliases;
}

/** Faults in the order in which they are read out: by file, line, column. */
export function byPlace(a: Fault, b: Fault): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.line - b.line || a.column - b.column || (a.message < b.message ? -1 : 1);
}
