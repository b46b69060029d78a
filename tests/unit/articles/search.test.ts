import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Catalog, openCatalog } from '#lib/articles/catalog.ts';
import { openArticleIndex } from '#lib/articles/search/article-index.ts';
import { normalForm } from '#lib/articles/search/normal-form.ts';
import { proseOf } from '#lib/articles/search/prose.ts';
import { QUERY_LIMIT, readQuery } from '#lib/articles/search/query.ts';
import { FOUND_PER_PAGE, openSearcher, type Searcher, type SearchResult } from '#lib/articles/search.ts';
import { seeded, writeCorpus } from '../../bench/corpus.ts';
import { articleText, contentFolder } from './content-folder.ts';

// All shipped articles are published by then, and none has expired.
const NOW = new Date('2027-01-10T12:00:00+09:00');
const SHIPPED = path.resolve(import.meta.dirname, '../../../content');

function searcherOf(articles: Catalog, clock = () => NOW): Searcher {
  const searcher = openSearcher(articles, clock);
  onTestFinished(() => searcher.close());
  return searcher;
}

async function ask(searcher: Searcher, typed: string, page = 1): Promise<SearchResult> {
  const query = readQuery(typed);
  if (query.status !== 'asked') throw new Error(`not a question: ${query.status}`);
  return searcher.search(query, page);
}

/** The slugs of everything found, all pages, in their order. */
async function slugsFor(searcher: Searcher, typed: string): Promise<string[]> {
  const slugs: string[] = [];
  for (let page = 1; ; page++) {
    const result = await ask(searcher, typed, page);
    if (result.status === 'nothing') return slugs;
    slugs.push(...result.found.map(({ article }) => article.slug));
    if (page >= result.pages) {
      expect(slugs).toHaveLength(result.total);
      return slugs;
    }
  }
}

/** Every line that a reader sees of each visible article, by the compiler's own tree: what search is measured against. */
async function linesOf(articles: Catalog): Promise<Map<string, string[]>> {
  const lines = new Map<string, string[]>();
  for (const { slug, title, tags, description } of articles.snapshot(NOW).visible) {
    const compiled = await articles.compiled(slug);
    if (compiled.status === 'broken') throw new Error(`${slug} is broken`);
    const { headings, paragraphs } = proseOf(compiled.body);
    const texts = [title, ...tags, description, ...headings, ...paragraphs];
    lines.set(
      slug,
      texts.map((text) => normalForm(text).trim()),
    );
  }
  return lines;
}

/** The plain scan: articles of which some line has the words. */
function scan(lines: ReadonlyMap<string, readonly string[]>, words: string): string[] {
  return [...lines].filter(([, texts]) => texts.some((text) => text.includes(words))).map(([slug]) => slug);
}

const generated = () => {
  const corpus = writeCorpus(150);
  onTestFinished(() => corpus.remove());
  return corpus.folder;
};

test.each([
  ['公開している13本の記事', () => SHIPPED, 13],
  ['生成した150本の記事', generated, 150],
])('%sの2文字以上のどの部分も見つかり、ほかの記事は出ない', { timeout: 120_000 }, async (_name, folder, count) => {
  const articles = openCatalog(folder());
  const lines = await linesOf(articles);
  expect(lines.size).toBe(count);
  const searcher = searcherOf(articles);
  const random = seeded(20270110);
  const upTo = (most: number) => Math.floor(random() * most);
  const all = [...lines.values()].flat();
  let asked = 0;
  while (asked < 1000) {
    const letters = [...(all[upTo(all.length)] ?? '')];
    const start = upTo(letters.length);
    const part = letters.slice(start, start + 2 + upTo(asked % 10 === 0 ? 60 : 9)).join('');
    // A space parts words, each of which may stand anywhere: tested below.
    if ([...part].length < 2 || part.includes(' ')) continue;
    asked += 1;
    expect((await slugsFor(searcher, part)).sort(), part).toEqual(scan(lines, part).sort());
  }
  let absent = 0;
  while (absent < 200) {
    const [one, other] = [all[upTo(all.length)] ?? '', all[upTo(all.length)] ?? ''];
    const part = [...[...one].slice(-1 - upTo(4)), ...[...other].slice(0, 1 + upTo(4))].join('');
    if (part.includes(' ') || scan(lines, part).length > 0) continue;
    absent += 1;
    expect(await slugsFor(searcher, part), part).toEqual([]);
  }
});

test('1文字でも見つかる', async () => {
  const articles = openCatalog(SHIPPED);
  const lines = await linesOf(articles);
  const searcher = searcherOf(articles);
  const letters = new Set([...lines.values()].flatMap((texts) => [...texts.join('')]).filter((each) => each !== ' '));
  expect(letters.size).toBeGreaterThan(900);
  for (const letter of letters) {
    expect((await slugsFor(searcher, letter)).sort(), letter).toEqual(scan(lines, letter).sort());
  }
});

test('空白で区切ると、すべての語がある記事が見つかり、並びのまま書いてある記事が先に出る', async () => {
  const body = (text: string) => articleText({ body: `${text}\n` });
  const searcher = searcherOf(
    openCatalog(
      contentFolder({
        'whole.mdx': articleText({
          head: { publishedAt: '2026-01-01' },
          body: 'Project Management Office の略です。\n',
        }),
        'apart.mdx': body('Officeで使うprojectの道具とmanagementの本。'),
        'one.mdx': body('projectだけの話。'),
      }),
    ),
  );
  expect(await slugsFor(searcher, 'project　management')).toEqual(['whole', 'apart']);
  expect((await slugsFor(searcher, 'management PROJECT')).sort()).toEqual(['apart', 'whole']);
  expect(await slugsFor(searcher, 'project 略')).toEqual(['whole']);
  expect(await slugsFor(searcher, 'project 道具 ない語')).toEqual([]);
});

test('記事名、見出しとタグ、本文の順に並び、同じなら多く書いてある方、新しい方が先に出る', async () => {
  const at = (day: string, head: Record<string, string>, body: string) =>
    articleText({ head: { publishedAt: `2026-11-${day}`, ...head }, body });
  const searcher = searcherOf(
    openCatalog(
      contentFolder({
        'title.mdx': at('01', { title: '議事録の書き方' }, '書き方の話です。\n'),
        'heading.mdx': at('02', {}, '## 議事録の型\n\n型の話です。\n'),
        'tag.mdx': at('03', { tags: '[議事録]' }, '型の話です。\n'),
        'often.mdx': at('04', {}, '議事録から議事録へ、議事録を議事録に写します。\n'),
        'once-new.mdx': at('06', {}, 'きのうの議事録を、きょうの会議の前に読み返します。\n'),
        'once-old.mdx': at('05', {}, 'きのうの議事録を、きょうの会議の前に読み返します。\n'),
      }),
    ),
  );
  const slugs = await slugsFor(searcher, '議事録');
  expect(slugs[0]).toBe('title');
  expect(slugs.slice(1, 3).sort()).toEqual(['heading', 'tag']);
  expect(slugs.slice(3)).toEqual(['often', 'once-new', 'once-old']);
});

test('公開前、下書き、公開を終えた記事は、その秒まで見つからない', async () => {
  const articles = openCatalog(
    contentFolder({
      'draft.mdx': articleText({ head: { draft: 'true' }, body: '秘密の合言葉です。\n' }),
      'timed.mdx': articleText({
        head: { publishedAt: '2026-11-22T10:00:00', expiresAt: '2026-11-23T18:30:15' },
        body: '秘密の合言葉です。\n',
      }),
    }),
  );
  let now = new Date('2026-11-22T09:59:59.999+09:00');
  const searcher = searcherOf(articles, () => now);
  expect(await slugsFor(searcher, '合言葉')).toEqual([]);
  now = new Date('2026-11-22T10:00:00+09:00');
  expect(await slugsFor(searcher, '合言葉')).toEqual(['timed']);
  now = new Date('2026-11-23T18:30:14.999+09:00');
  expect(await slugsFor(searcher, '合言葉')).toEqual(['timed']);
  now = new Date('2026-11-23T18:30:15+09:00');
  expect(await slugsFor(searcher, '合言葉')).toEqual([]);
});

test('記事を書き換えると、次の検索は新しい文で答え、変わらない記事は読み直さない', async () => {
  const root = contentFolder({
    'a.mdx': articleText({ body: '古い言い回しです。\n' }),
    'b.mdx': articleText({ body: 'そのままの文です。\n' }),
  });
  const catalog = openCatalog(root);
  const read: string[] = [];
  const searcher = openSearcher(
    {
      ...catalog,
      // Emphasis inside a list: only the parser can tell its words.
      compiled: (slug) => {
        read.push(slug);
        return catalog.compiled(slug);
      },
    },
    () => NOW,
  );
  onTestFinished(() => searcher.close());
  expect(await slugsFor(searcher, '古い言い回し')).toEqual(['a']);
  const write = async (text: string) => {
    fs.writeFileSync(path.join(root, 'articles/a.mdx'), articleText({ body: text }));
    await catalog.refresh(['articles/a.mdx']);
  };
  await write('新しい*言い*回しです。\n');
  expect(await slugsFor(searcher, '新しい言い回し')).toEqual(['a']);
  expect(await slugsFor(searcher, '古い言い回し')).toEqual([]);
  expect(read).toEqual(['a']);
  await write('{壊れた}書き方です。\n');
  expect(await slugsFor(searcher, '新しい言い回し')).toEqual(['a']);
  fs.rmSync(path.join(root, 'articles/a.mdx'));
  await catalog.refresh(['articles/a.mdx']);
  expect(await slugsFor(searcher, '言い回し')).toEqual([]);
  expect(await slugsFor(searcher, 'そのままの文')).toEqual(['b']);
});

test('索引に入る前の記事も、入ったあとと同じように見つかる', { timeout: 60_000 }, async () => {
  const corpus = generated();
  const index = openArticleIndex();
  onTestFinished(() => index.close());
  const articles = openCatalog(corpus);
  for (const { slug, title, tags, description } of articles.snapshot(NOW).visible) {
    const compiled = await articles.compiled(slug);
    if (compiled.status === 'broken') throw new Error(`${slug} is broken`);
    index.put({ slug, title, tags: [...tags], description, ...proseOf(compiled.body) });
  }
  const questions = ['PMO', '会議', 'の', '議事録 報告', 'を　PMO', '決まった', 'ありえない語'].map((words) => {
    const query = readQuery(words);
    if (query.status !== 'asked') throw new Error('not a question');
    return query.wanted;
  });
  const answers = () =>
    questions.map((wanted) => {
      const { total, hits } = index.search(wanted, 0, 1000);
      return { total, counted: index.count(wanted.terms), slugs: hits.map(({ slug }) => slug).sort() };
    });
  const before = answers();
  expect(before.map(({ total }) => total > 0)).toEqual([true, true, true, true, true, true, false]);
  // Part of the articles are in the index, the others are still read through.
  expect(index.build(0)).toBe(false);
  expect(answers()).toEqual(before);
  while (!index.build(100)) expect(answers()).toEqual(before);
  expect(answers()).toEqual(before);
});

test('索引が今の記事に追いついたかどうかがわかる', async () => {
  let now = new Date('2026-11-22T09:00:00+09:00');
  const articles = openCatalog(
    contentFolder({ 'a.mdx': articleText(), 'b.mdx': articleText({ head: { publishedAt: '2026-11-22T10:00:00' } }) }),
  );
  const searcher = searcherOf(articles, () => now);
  expect(searcher.isReadyFor(articles.snapshot(now))).toBe(false);
  await searcher.prepare();
  expect(searcher.isReadyFor(articles.snapshot(now))).toBe(true);
  now = new Date('2026-11-22T10:00:00+09:00');
  expect(searcher.isReadyFor(articles.snapshot(now))).toBe(false);
  await searcher.prepare();
  expect(searcher.isReadyFor(articles.snapshot(now))).toBe(true);
});

test('10件ずつのページに分かれ、どの記事も1度だけ出て、終わりの先は空になる', async () => {
  const searcher = searcherOf(openCatalog(SHIPPED));
  expect(new Set(await slugsFor(searcher, 'PMO')).size).toBe(13);
  expect(await ask(searcher, 'PMO', 2)).toMatchObject({ status: 'found', total: 13, pages: 2 });
  expect(await ask(searcher, 'PMO', 3)).toMatchObject({ status: 'found', total: 13, found: [] });
  expect(FOUND_PER_PAGE).toBe(10);
});

test('見つからないときは、近い言葉とその件数を返す', async () => {
  const searcher = searcherOf(openCatalog(SHIPPED));
  const othersFor = async (words: string) => {
    const result = await ask(searcher, words);
    return result.status === 'nothing' ? result.others.map((other) => other.words) : 'found';
  };
  expect(await othersFor('プロジェクトマネージャー給与')).toEqual(['プロジェクト', 'マネージャー', '給与']);
  expect(await othersFor('議事録面談')).toEqual(['議事録 面談', '議事録', '面談']);
  expect(await othersFor('ふりーらんす')).toEqual(['フリーランス']);
  expect(await othersFor('テレビー')).toEqual([]);
  expect(await othersFor('鯨')).toEqual([]);
});

test.each([
  ['PMO" OR "会議', ['PMO"', 'or', '"会議']],
  ['title:PMO', ['title:pmo']],
  ['PMO*', ['pmo*']],
  ['NEAR(PMO 会議)', ['near(pmo', '会議)']],
  ['{title} : PMO', ['{title}', ':', 'pmo']],
  ["'; DROP TABLE articles; --", ["';", 'drop', 'table', 'articles;', '--']],
  ['100%', ['100%']],
  ['_', ['_']],
  ['\\', ['\\']],
  ['👨‍👩‍👧', ['👨👩👧']],
  ['a\u0000b', ['a', 'b']],
  ['\ud83d', ['\ufffd']],
  ['\ue100\ue0ff', ['\ue100\ue0ff']],
])('記号に特別な意味はない: %s', async (typed, terms) => {
  const text = typed.replace(/[{}<>*_\\`]/g, (sign) => `\\${sign}`);
  const searcher = searcherOf(
    openCatalog(
      contentFolder({
        'signs.mdx': articleText({ body: `記号は${text.toWellFormed()}のように書きます。\n` }),
        'none.mdx': articleText(),
      }),
    ),
  );
  const query = readQuery(typed);
  expect(query).toMatchObject({ status: 'asked' });
  if (query.status === 'asked')
    expect([...query.wanted.terms].sort()).toEqual(terms.map((term) => normalForm(term)).sort());
  // A NUL in a file becomes U+FFFD in Markdown; there the words around it are what is left to find.
  if (!typed.includes('\0')) expect(await slugsFor(searcher, typed)).toEqual(['signs']);
});

test('空の検索、空白だけの検索、長すぎる検索は、検索しない', () => {
  for (const typed of ['', ' ', '　\n\t', '\u0000', '\u200b\ufeff'])
    expect(readQuery(typed)).toEqual({ status: 'empty' });
  expect(readQuery('あ'.repeat(QUERY_LIMIT))).toMatchObject({ status: 'asked' });
  expect(readQuery('あ'.repeat(QUERY_LIMIT + 1))).toMatchObject({ status: 'too-long' });
  // One character that NFKC writes out as eighteen.
  expect(readQuery('ﷺ'.repeat(20))).toMatchObject({ status: 'too-long' });
});

test('256文字の検索も見つかる', async () => {
  const sentence = Array.from({ length: QUERY_LIMIT }, (_, index) => String.fromCodePoint(0x4e00 + index)).join('');
  const searcher = searcherOf(openCatalog(contentFolder({ 'long.mdx': articleText({ body: `${sentence}\n` }) })));
  expect(await slugsFor(searcher, sentence)).toEqual(['long']);
});

test('索引の係が倒れても、次の検索は答える', async () => {
  const searcher = searcherOf(openCatalog(SHIPPED));
  const before = await slugsFor(searcher, '議事録');
  await searcher.close();
  expect(await slugsFor(searcher, '議事録')).toEqual(before);
});
