import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Catalog, openCatalog } from '#lib/articles/catalog.ts';
import { readQuery } from '#lib/articles/search/query.ts';
import { FOUND_PER_PAGE, openSearcher, type Searcher, type SearchResult } from '#lib/articles/search.ts';
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

test('索引の係が倒れても、次の検索は答える', async () => {
  const searcher = searcherOf(openCatalog(SHIPPED));
  const before = await slugsFor(searcher, '議事録');
  await searcher.close();
  expect(await slugsFor(searcher, '議事録')).toEqual(before);
});
