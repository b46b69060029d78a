import '#server-only';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { excerpt, type Marked, mark } from './excerpt.ts';
import { expression, type Place, tokensOf, type Words } from './match.ts';
import { normalForm } from './normal-form.ts';
import type { Wanted } from './query.ts';

const articleSchema = z.object({
  slug: z.string(),
  title: z.string(),
  tags: z.array(z.string()),
  description: z.string(),
  headings: z.array(z.string()),
  paragraphs: z.array(z.string()),
});
/** What is searched of an article, as readers see it. */
export type IndexedArticle = z.infer<typeof articleSchema>;

export type Hit = { slug: string; title: Marked; excerpt: Marked };

export type ArticleIndex = {
  /** From now on the article is found with this text; newer articles are put after older ones. */
  put(article: IndexedArticle): void;
  remove(slug: string): void;
  /** Works for about `milliseconds` on what `search` would otherwise read through; true when nothing is left to do. */
  build(milliseconds: number): boolean;
  /** All articles that have what is wanted are counted; `limit` of them from `offset` are returned, best first. */
  search(wanted: Wanted, offset: number, limit: number): { total: number; hits: Hit[] };
  count(terms: readonly string[]): number;
  close(): void;
};

/** Counted together by bm25, where one part does not outrank the other anyway. */
const WEIGHTS = '8, 3, 1, 0';
/**
 * Of a word that so many articles have, how often it stands in them says little, and counting it would take longer
 * than all the rest: beyond the titles the newest articles come first.
 */
const COMMON = 2000;
/** Articles that are built in in one transaction. */
const STEP = 32;

const idSchema = z.object({ id: z.number() });
const countSchema = z.object({ count: z.number() });
const json = z.string().transform((text): unknown => JSON.parse(text));
const articleRow = z.object({ article: json.pipe(articleSchema) });
const waitingRow = z.object({
  id: z.number(),
  words: json.pipe(z.object({ title: z.string(), headings: z.string(), body: z.string() })),
});

/**
 * An index of articles in a temporary SQLite database, which SQLite keeps in memory while it is small, writes to the
 * temporary folder when it is not, and deletes with the connection. What is put is found at once: by reading it
 * through until `build` has taken it up. Synchronous: it belongs into a thread of its own.
 */
export function openArticleIndex(): ArticleIndex {
  const db = new DatabaseSync('');
  db.exec(`
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA cache_size = -8000;
    CREATE TABLE articles (id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, article TEXT NOT NULL, words TEXT);
    CREATE INDEX waiting ON articles (id) WHERE words IS NOT NULL;
    CREATE VIRTUAL TABLE pairs USING fts5 (title, headings, body, letters,
      content = '', contentless_delete = 1, tokenize = 'ascii');
  `);
  const statements = {
    find: db.prepare('SELECT id FROM articles WHERE slug = ?'),
    read: db.prepare('SELECT article FROM articles WHERE id = ?'),
    add: db.prepare('INSERT INTO articles (article, words, slug) VALUES (?, ?, ?)'),
    change: db.prepare('UPDATE articles SET article = ?, words = ? WHERE id = ?'),
    drop: db.prepare('DELETE FROM articles WHERE id = ?'),
    waiting: db.prepare('SELECT id, words FROM articles WHERE words IS NOT NULL ORDER BY id DESC'),
    next: db.prepare('SELECT id, words FROM articles WHERE words IS NOT NULL ORDER BY id LIMIT ?'),
    arrived: db.prepare('UPDATE articles SET words = NULL WHERE id = ?'),
    index: db.prepare('INSERT INTO pairs (rowid, title, headings, body, letters) VALUES (?, ?, ?, ?, ?)'),
    forget: db.prepare('DELETE FROM pairs WHERE rowid = ?'),
    count: db.prepare('SELECT count(*) AS count FROM pairs WHERE pairs MATCH ?'),
    best: db.prepare(
      `SELECT rowid AS id FROM pairs WHERE pairs MATCH ? ORDER BY bm25(pairs, ${WEIGHTS}), rowid DESC LIMIT ?`,
    ),
    newest: db.prepare('SELECT rowid AS id FROM pairs WHERE pairs MATCH ? ORDER BY rowid DESC LIMIT ?'),
  };

  /** The article's number, no longer in the index. */
  function takeOut(slug: string): number | undefined {
    const row = statements.find.get(slug);
    if (row === undefined) return undefined;
    const { id } = idSchema.parse(row);
    statements.forget.run(id);
    return id;
  }

  function countIndexed(terms: readonly string[]): number {
    return countSchema.parse(statements.count.get(expression(terms, 2))).count;
  }

  /** For each rank the articles of it that no earlier rank has, among those that are not in the index yet. */
  function readThrough(ranks: readonly Rank[]): number[][] {
    const found = ranks.map((): number[] => []);
    for (const row of statements.waiting.iterate()) {
      const { id, words } = waitingRow.parse(row);
      found[ranks.findIndex((rank) => meets(words, rank))]?.push(id);
    }
    return found;
  }

  return {
    put(article) {
      const id = takeOut(article.slug);
      const values = [JSON.stringify(article), JSON.stringify(wordsOf(article))] as const;
      if (id === undefined) statements.add.run(...values, article.slug);
      else statements.change.run(...values, id);
    },
    remove(slug) {
      const id = takeOut(slug);
      if (id !== undefined) statements.drop.run(id);
    },
    build(milliseconds) {
      const end = performance.now() + milliseconds;
      for (;;) {
        const rows = statements.next.all(STEP);
        if (rows.length === 0) return true;
        db.exec('BEGIN');
        for (const row of rows) {
          const { id, words } = waitingRow.parse(row);
          const { title, headings, body, letters } = tokensOf(words);
          statements.index.run(id, title, headings, body, letters);
          statements.arrived.run(id);
        }
        db.exec('COMMIT');
        if (performance.now() >= end) return false;
      }
    },
    search(wanted, offset, limit) {
      const ranks = ranksOf(wanted);
      const unread = readThrough(ranks);
      const indexed = countIndexed(wanted.terms);
      const ids = new Set<number>();
      for (const [index, { terms, place }] of ranks.entries()) {
        const order = indexed > COMMON && place > 0 ? statements.newest : statements.best;
        for (const row of order.all(expression(terms, place), offset + limit)) ids.add(idSchema.parse(row).id);
        for (const id of unread[index] ?? []) ids.add(id);
        if (ids.size >= offset + limit) break;
      }
      const hits = [...ids].slice(offset, offset + limit).map((id) => {
        const { article } = articleRow.parse(statements.read.get(id));
        return hitOf(article, wanted.terms);
      });
      return { total: indexed + unread.flat().length, hits };
    },
    count(terms) {
      return countIndexed(terms) + readThrough([{ terms, place: 2 }]).flat().length;
    },
    close: () => db.close(),
  };
}

/** Articles that have all `terms` at `place`. */
type Rank = { terms: readonly string[]; place: Place };

/** Title over phrase over headings over text. */
function ranksOf({ terms, phrase }: Wanted): Rank[] {
  const whole: Rank[] = phrase.includes(' ') ? [{ terms: [phrase], place: 2 }] : [];
  return [{ terms, place: 0 }, ...whole, { terms, place: 1 }, { terms, place: 2 }];
}

function wordsOf({ title, tags, headings, description, paragraphs }: IndexedArticle): Words {
  const form = (lines: readonly string[]) => lines.map((line) => normalForm(line).trim()).join('\n');
  return { title: form([title]), headings: form([...headings, ...tags]), body: form([description, ...paragraphs]) };
}

function meets({ title, headings, body }: Words, { terms, place }: Rank): boolean {
  const parts = [title, headings, body].slice(0, place + 1);
  return terms.every((term) => parts.some((part) => part.includes(term)));
}

/** Why an article was found: the line of its text, else its heading or its tags; its description where the title says it all. */
function hitOf(
  { slug, title, tags, description, headings, paragraphs }: IndexedArticle,
  terms: readonly string[],
): Hit {
  const lines = [description, ...paragraphs];
  const tagged = tags.length > 0 ? [`タグ：${tags.join('、')}`] : [];
  const found = excerpt(lines, terms) ?? excerpt(headings, terms) ?? excerpt(tagged, terms);
  return { slug, title: mark(title, terms), excerpt: found ?? { text: description, marks: [] } };
}
