import '#server-only';
import type { Kept, Version } from './kept.ts';
import type { Article, Author, Category, Fault, Figure } from './schema.ts';
import { countCharacters, placeOfKey } from './source.ts';

/** How front matter is joined with the authors and categories that it names. */

export type Files = {
  articles: ReadonlyMap<string, Kept<Version>>;
  authors: ReadonlyMap<string, Kept<Author>>;
  categories: Kept<Category[]>;
  figures: Kept<Figure[]>;
};

/** What front matter may refer to. */
export type Names = { authors: ReadonlyMap<string, Author>; categories: ReadonlyMap<string, Category> };

/** Japanese characters a minute. */
const READING_SPEED = 500;

/** The authors and categories that the files hold. */
export function namesIn(files: Files): Names {
  const authors = [...files.authors.values()].flatMap(({ good }) => (good ? [[good.id, good] as const] : []));
  return {
    authors: new Map(authors),
    categories: new Map((files.categories.good ?? []).map((category) => [category.id, category])),
  };
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

/** The article of a version, or undefined where it names somebody nobody knows. */
export function draw(version: Version, { authors, categories }: Names): Article | undefined {
  const { slug, matter, source } = version;
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
    image:
      image !== undefined && imageAlt !== undefined
        ? { file: image, alt: imageAlt, picture: version.shown?.cover }
        : undefined,
    draft,
    disclosure,
    aliases: matter.aliases,
    get characters() {
      return countCharacters(source);
    },
    get minutes() {
      return Math.max(1, Math.ceil(this.characters / READING_SPEED));
    },
  };
  drawnBefore.set(version, article);
  return article;
}
