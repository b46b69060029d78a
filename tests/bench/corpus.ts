import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { widthOf } from '#lib/articles/schema.ts';
import { phrases } from '#lib/phrases.ts';

// Articles as the site has them, as many as a bench wants, no two alike: the phrases of the shipped articles in new
// orders. After a phrase comes one that followed the same ending somewhere, so that particles, verbs and sentence
// ends sit where Japanese puts them and the text compresses like written text, not like a template.

const CONTENT = path.resolve(import.meta.dirname, '../../content');
const TAGS = [
  'PMO',
  '転職',
  'キャリア',
  '適性',
  '会議',
  '議事録',
  '進捗管理',
  '課題管理',
  '単価',
  '契約',
  '副業',
  '面談',
];
const FIRST_DAY = Date.UTC(2019, 0, 1);
const DAYS = 2500;

/** A content folder of its own in the temporary folder. `slugs` in the order of the articles. */
export type Corpus = { folder: string; slugs: readonly string[]; remove(): void };

/** Writes `count` articles beside the shipped authors, categories and figures. The first n are always the same n. */
export function writeCorpus(count: number): Corpus {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-corpus-'));
  for (const shipped of ['authors', 'categories.yaml', 'figures.yaml']) {
    cpSync(path.join(CONTENT, shipped), path.join(folder, shipped), { recursive: true });
  }
  mkdirSync(path.join(folder, 'articles'));
  const slugs = Array.from({ length: count }, (_, index) => slugAt(index));
  const write = articleWriter();
  for (const [index, slug] of slugs.entries()) {
    writeFileSync(path.join(folder, 'articles', `${slug}.mdx`), write(index, count));
  }
  return { folder, slugs, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function slugAt(index: number): string {
  return `pmo-${String(index + 1).padStart(5, '0')}`;
}

/** Returns what writes the article at `index` of `count`; the same index gives the same text but for its links. */
export function articleWriter(): (index: number, count: number) => string {
  const chain = readChain();
  const categories = z
    .array(z.object({ id: z.string() }))
    .parse(parse(readFileSync(path.join(CONTENT, 'categories.yaml'), 'utf8')));
  return (index, count) => {
    const random = seeded(index + 1);
    const pick = <T>(from: readonly T[]): T => oneOf(from, random);
    const words = (least: number, most: number): string => chain.words(random, least, most);
    const sentence = (): string => chain.sentence(random);
    const paragraph = (): string => Array.from({ length: 2 + Math.floor(random() * 3) }, sentence).join('');
    const list = (mark: string): string =>
      Array.from({ length: 4 }, (_, row) => `${mark === '1.' ? `${row + 1}.` : mark} ${words(10, 24)}`).join('\n');
    const table = (): string =>
      [
        `| ${words(2, 6)} | ${words(3, 8)} | ${words(3, 8)} |`,
        '|---|---|---|',
        ...Array.from({ length: 4 }, () => `| ${words(2, 6)} | ${words(8, 18)} | ${words(4, 10)} |`),
      ].join('\n');
    const link = (): string =>
      `${words(4, 12)}ときは[${words(6, 14)}](/articles/${slugAt(Math.floor(random() * count))})も読んでください。`;
    const headings = new Set<string>();
    const heading = (least: number, most: number): string => {
      for (;;) {
        const text = words(least, most);
        if (!headings.has(text)) return headings.add(text) && text;
      }
    };
    const section = (number: number): string[] => [
      `## ${heading(8, 20)}`,
      paragraph(),
      ...(number % 2 === 0 ? [list(number === 0 ? '-' : '1.')] : [table()]),
      `### ${heading(6, 16)}`,
      `${paragraph()}${link()}`,
      paragraph(),
      ...(number === 1 ? [`<Note title="${words(4, 12)}">\n\n${paragraph()}\n\n</Note>`] : []),
      ...(number === 2 ? ['<Cta />'] : []),
    ];
    const published = new Date(FIRST_DAY + Math.floor(random() * DAYS) * 86_400_000).toISOString().slice(0, 10);
    const parts = [
      [
        '---',
        `title: ${words(12, 25)}${index + 1}`,
        `description: ${chain.description(random)}`,
        `publishedAt: ${published}`,
        'author: editorial-team',
        `category: ${pick(categories).id}`,
        `tags: [${[...new Set([pick(TAGS), pick(TAGS), pick(TAGS)])].join(', ')}]`,
        'disclosure: pr',
        '---',
      ].join('\n'),
      paragraph(),
      paragraph(),
      ...[0, 1, 2, 3].flatMap(section),
      '## まとめ',
      paragraph(),
      `${paragraph()}${link()}`,
    ];
    return `${parts.join('\n\n')}\n`;
  };
}

type Random = () => number;

/** Numbers in [0, 1) that depend on the seed alone (mulberry32, Tommy Ettinger, public domain). */
export function seeded(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function oneOf<T>(from: readonly T[], random: Random): T {
  const chosen = from[Math.floor(random() * from.length)];
  if (chosen === undefined) throw new Error('nothing to choose from');
  return chosen;
}

const ENDS = /[。？！]$/;
const SENTENCE = { least: 18, most: 70 };

function readChain() {
  const starts: string[] = [];
  const following = new Map<string, string[]>();
  for (const sentence of shippedSentences()) {
    const [first, ...rest] = phrases(sentence);
    if (first === undefined || rest.length < 2) continue;
    starts.push(first);
    let before = first;
    for (const phrase of rest) {
      const ending = endingOf(before);
      const known = following.get(ending);
      if (known) known.push(phrase);
      else following.set(ending, [phrase]);
      before = phrase;
    }
  }

  function sentence(random: Random): string {
    for (;;) {
      let text = oneOf(starts, random);
      let last = text;
      while (!ENDS.test(text) && text.length <= SENTENCE.most) {
        const next = following.get(endingOf(last));
        if (!next) break;
        last = oneOf(next, random);
        text += last;
      }
      if (ENDS.test(text) && text.length >= SENTENCE.least && text.length <= SENTENCE.most) return text;
    }
  }

  /** Words without any punctuation, `least` to `most` characters. */
  function words(random: Random, least: number, most: number): string {
    for (;;) {
      const piece = sentence(random)
        .split(/[、。？！「」（）：・\s]/)
        .find(({ length }) => length >= least && length <= most);
      if (piece !== undefined) return piece;
    }
  }

  /** Whole sentences of 80 to 120 full-width characters, as front matter wants them. */
  function description(random: Random): string {
    for (;;) {
      let text = '';
      while (widthOf(text) < 80) text += sentence(random);
      if (widthOf(text) <= 120 && !/[:#]/.test(text)) return text;
    }
  }

  return { sentence, words, description };
}

/** What the next phrase depends on: the last two characters, where particles and inflections are. */
function endingOf(phrase: string): string {
  return phrase.slice(-2);
}

/** The sentences of the paragraphs of the shipped articles, without markup. */
function shippedSentences(): string[] {
  const folder = path.join(CONTENT, 'articles');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.mdx'));
  return files.sort().flatMap((file) =>
    readFileSync(path.join(folder, file), 'utf8')
      .replace(/^---\n[\s\S]*?\n---\n/, '')
      .split('\n')
      .filter((line) => /^[^\s|<#>!\-\d]/.test(line))
      .map((line) => line.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[*`]/g, ''))
      .flatMap((line) => line.match(/[^。？！]+[。？！]/g) ?? [])
      .filter((sentence) => !/[{}<>[\]|\\"'「」（）]/.test(sentence)),
  );
}
