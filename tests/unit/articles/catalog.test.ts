import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openCatalog } from '#lib/articles/catalog.ts';
import { listContent } from '#lib/articles/folder.ts';
import { faultLine } from '#lib/articles/schema.ts';
import { articleText, contentFolder, fillContentFolder } from './content-folder.ts';

// A Sunday at noon in Japan; all articles below are dated around it.
const NOW = new Date('2026-11-22T12:00:00+09:00');
const at = (instant: string) => new Date(`${instant}+09:00`);
const write = (root: string, file: string, text: string) => fs.writeFileSync(path.join(root, file), text);
const problemsOf = (root: string, articles: ReturnType<typeof openCatalog>) =>
  articles.problems().map((fault) => faultLine(fault).replace(`${root}/`, ''));

test('公開は指定した秒に始まり、終了は指定した秒に終わる', () => {
  const head = { publishedAt: '2026-11-22T10:00:00', expiresAt: '2026-11-23T18:30:15' };
  const articles = openCatalog(contentFolder({ 'a.mdx': articleText({ head }) }));
  const slugs = (now: Date) => articles.snapshot(now).visible.map(({ slug }) => slug);
  expect(slugs(at('2026-11-22T09:59:59.999'))).toEqual([]);
  expect(slugs(at('2026-11-22T10:00:00'))).toEqual(['a']);
  expect(slugs(at('2026-11-23T18:30:14.999'))).toEqual(['a']);
  expect(slugs(at('2026-11-23T18:30:15'))).toEqual([]);
  expect(articles.snapshot(at('2026-11-22T09:00:00')).nextChangeAt).toEqual(at('2026-11-22T10:00:00'));
  expect(articles.snapshot(at('2026-11-22T10:00:00')).nextChangeAt).toEqual(at('2026-11-23T18:30:15'));
});

test('日付だけなら日本時間の0時に公開される', () => {
  const articles = openCatalog(contentFolder({ 'a.mdx': articleText({ head: { publishedAt: '2026-11-22' } }) }));
  expect(articles.snapshot(at('2026-11-21T23:59:59')).find('a')).toEqual({ status: 'hidden' });
  expect(articles.snapshot(at('2026-11-22T00:00:00')).find('a')).toMatchObject({ status: 'visible' });
});

test('公開を終えた記事は「終えた」と分かり、題名も本文も渡されない。下書きに戻した記事は、ないのと同じ', () => {
  const ended = { publishedAt: '2026-11-01', expiresAt: '2026-11-22T12:00:00', tags: '[PMO]', aliases: '[older-name]' };
  const articles = openCatalog(
    contentFolder({
      'ended.mdx': articleText({ head: ended }),
      'taken-back.mdx': articleText({ head: { ...ended, aliases: '[]', draft: 'true' } }),
      'near.mdx': articleText({ head: { tags: '[PMO]' } }),
    }),
  );
  expect(articles.snapshot(at('2026-11-22T11:59:59')).find('ended')).toMatchObject({ status: 'visible' });
  expect(articles.snapshot(at('2026-11-22T11:59:59')).find('older-name')).toEqual({ status: 'moved', to: 'ended' });
  const snapshot = articles.snapshot(NOW);
  expect(snapshot.find('ended')).toEqual({ status: 'gone', slug: 'ended' });
  expect(snapshot.find('older-name')).toEqual({ status: 'gone', slug: 'ended' });
  expect(snapshot.find('taken-back')).toEqual({ status: 'hidden' });
  expect(snapshot.related('ended').map(({ slug }) => slug)).toEqual(['near']);
});

test('どう名前を変えても、古い住所から今の記事まで多くて1回で着く', () => {
  const names = ['a', 'b', 'c', 'd'] as const;
  const plan = fc.dictionary(fc.constantFrom(...names), fc.uniqueArray(fc.constantFrom(...names), { maxLength: 4 }));
  fc.assert(
    fc.property(plan, (aliasesOf) => {
      const root = fs.mkdtempSync(path.join(os.tmpdir(), 'aliases-'));
      try {
        const files = Object.entries(aliasesOf).map(([slug, aliases]) => {
          return [`${slug}.mdx`, articleText({ head: { aliases: `[${aliases.join(', ')}]` } })] as const;
        });
        fillContentFolder(root, Object.fromEntries(files));
        const snapshot = openCatalog(root).snapshot(NOW);
        for (const name of names) {
          const found = snapshot.find(name);
          if (found.status === 'moved') expect(snapshot.find(found.to).status).toBe('visible');
          else expect(found.status).toBe(Object.hasOwn(aliasesOf, name) ? 'visible' : 'unknown');
        }
      } finally {
        fs.rmSync(root, { recursive: true });
      }
    }),
    { numRuns: 60 },
  );
});

test('下書きと公開前の記事は、一覧にも関連記事にも分類にも出ない', () => {
  const articles = openCatalog(
    contentFolder({
      'a.mdx': articleText({ head: { tags: '[PMO]' } }),
      'draft.mdx': articleText({ head: { tags: '[PMO]', draft: 'true' } }),
      'future.mdx': articleText({ head: { tags: '[PMO]', publishedAt: '2026-12-01' } }),
    }),
  );
  const snapshot = articles.snapshot(NOW);
  for (const list of [snapshot.visible, snapshot.byCategory('work'), snapshot.byAuthor('team')]) {
    expect(list.map(({ slug }) => slug)).toEqual(['a']);
  }
  expect(snapshot.related('a')).toEqual([]);
  expect(snapshot.find('draft')).toEqual({ status: 'hidden' });
  expect(snapshot.find('nothing')).toEqual({ status: 'unknown' });
});

test('新しい記事から並び、関連記事は共通の分類とタグ、珍しいタグ、よくあるタグ、残りの順に出る', () => {
  const tagged = (publishedAt: string, tags: string, category = 'work') =>
    articleText({ head: { publishedAt, tags, category } });
  const articles = openCatalog(
    contentFolder({
      'a.mdx': tagged('2026-11-01', '[PMO, 議事録]'),
      'far.mdx': tagged('2026-11-05', '[転職]', 'career'),
      'common.mdx': tagged('2026-11-04', '[PMO]', 'career'),
      'rare.mdx': tagged('2026-11-03', '[議事録]', 'career'),
      'common-work.mdx': tagged('2026-11-02', '[PMO]'),
    }),
  );
  const snapshot = articles.snapshot(NOW);
  expect(snapshot.visible.map(({ slug }) => slug)).toEqual(['far', 'common', 'rare', 'common-work', 'a']);
  expect(snapshot.related('a').map(({ slug }) => slug)).toEqual(['common-work', 'rare', 'common', 'far']);
});

test('古い住所は今の住所へ導かれ、使われている住所は別名にできない', () => {
  const root = contentFolder({
    'a.mdx': articleText({ head: { aliases: '[old, b]' } }),
    'b.mdx': articleText({ head: { aliases: '[old]' } }),
    'draft.mdx': articleText({ head: { draft: 'true', aliases: '[before-draft]' } }),
  });
  const articles = openCatalog(root);
  const snapshot = articles.snapshot(NOW);
  expect(snapshot.find('old')).toEqual({ status: 'moved', to: 'a' });
  expect(snapshot.find('b')).toMatchObject({ status: 'visible' });
  expect(snapshot.find('before-draft')).toEqual({ status: 'hidden' });
  expect(problemsOf(root, articles)).toEqual([
    'articles/a.mdx:8:1: aliasesの「b」は記事「b」が使っています（この行から「b」を消します）',
    'articles/b.mdx:8:1: aliasesの「old」は記事「a」が使っています（この行から「old」を消します）',
  ]);
});

test('フォルダーの記事も読まれ、同じ住所の2つ目は問題として示される', () => {
  const root = contentFolder({ 'a.mdx': articleText() });
  fs.mkdirSync(path.join(root, 'articles/b'));
  write(root, 'articles/b/index.mdx', articleText());
  fs.mkdirSync(path.join(root, 'articles/a'));
  write(root, 'articles/a/index.mdx', articleText());
  const articles = openCatalog(root);
  expect(articles.snapshot(NOW).visible.map(({ slug }) => slug)).toEqual(['a', 'b']);
  expect(problemsOf(root, articles)).toEqual([
    expect.stringMatching(/^articles\/a\.mdx:1:1: slug「a」の記事がもう1つ/),
  ]);
});

test('古くなった数値は、その時刻から表示されなくなる', () => {
  const articles = openCatalog(contentFolder());
  // 36 months (lib/site.ts) after 2025-04-30T00:00+09:00.
  const end = articles.snapshot(NOW).nextChangeAt;
  expect(end).toEqual(at('2028-04-30T00:00:00'));
  expect(articles.snapshot(at('2028-04-29T23:59:59')).figures.map(({ id }) => id)).toEqual(['companies']);
  expect(articles.snapshot(at('2028-04-30T00:00:00')).figures).toEqual([]);
});

test('ページの版は、そのページに見えるものが変わったときだけ変わる', async () => {
  const root = contentFolder({
    'a.mdx': articleText({ head: { tags: '[PMO]' } }),
    'b.mdx': articleText({ head: { tags: '[PMO]' } }),
    'c.mdx': articleText({ head: { category: 'career', publishedAt: '2026-12-01' } }),
  });
  const articles = openCatalog(root);
  const pages = ['/', '/articles/a', '/articles/b', '/categories/work', '/categories/career', '/search'];
  const revisions = (now = NOW) => pages.map((page) => articles.snapshot(now).revisionOf(page));
  const changedPages = async (change: () => void, now = NOW) => {
    const before = revisions();
    change();
    await articles.refresh(listContent(root));
    const after = revisions(now);
    return pages.filter((_, index) => before[index] !== after[index]);
  };
  expect(await changedPages(() => undefined)).toEqual([]);
  const body = '書き直した文です。\n\n## 章の見出し\n\n本文です。\n\n<Cta />\n';
  const rewrite = (text: string) => write(root, 'articles/a.mdx', articleText({ head: { tags: '[PMO]' }, body: text }));
  expect(await changedPages(() => rewrite(body))).toEqual(['/articles/a', '/search']);
  expect(await changedPages(() => rewrite(body.replace('書き直した', '少し長く書き足した')))).toEqual([
    '/articles/a',
    '/search',
  ]);
  const twoMinutes = body.replace('書き直した文です。', '書き直した文です。'.repeat(60));
  expect(await changedPages(() => rewrite(twoMinutes))).toEqual([
    '/',
    '/articles/a',
    '/articles/b',
    '/categories/work',
    '/search',
  ]);
  expect(await changedPages(() => undefined, at('2026-12-01T00:00:00'))).toEqual(
    pages.filter((page) => page !== '/categories/work'),
  );
  expect(revisions().every((revision) => /^[\w-]{16}$/.test(revision))).toBe(true);
});

test('変わらない間は同じスナップショットが返る', () => {
  const articles = openCatalog(contentFolder({ 'a.mdx': articleText() }));
  expect(articles.snapshot(NOW)).toBe(articles.snapshot(new Date(NOW.getTime() + 1)));
});

test('どんな変更を重ねても、読み直したときと同じ一覧、関連記事、版になる', async () => {
  const tagged = (head: Record<string, string>) => articleText({ head: { tags: '[PMO, 転職]', ...head } });
  const root = contentFolder({ 'a.mdx': tagged({}), 'b.mdx': tagged({}), 'c.mdx': tagged({ category: 'career' }) });
  const articles = openCatalog(root);
  const view = (from: ReturnType<typeof openCatalog>) => {
    const snapshot = from.snapshot(NOW);
    const slugs = (list: readonly { slug: string; title: string }[]) =>
      list.map(({ slug, title }) => `${slug} ${title}`);
    return {
      visible: slugs(snapshot.visible),
      lists: [...['work', 'career'].map(snapshot.byCategory), snapshot.byAuthor('team')].map(slugs),
      related: ['a', 'b', 'c'].map((slug) => slugs(snapshot.related(slug))),
      revisions: ['/', '/articles/a', '/articles/b', '/categories/work', '/search'].map(snapshot.revisionOf),
      moved: snapshot.find('old'),
      problems: from.problems(),
    };
  };
  const changes: [string, string | undefined][] = [
    ['a.mdx', tagged({ title: '新しい題名' })],
    ['a.mdx', tagged({ publishedAt: '2026-11-20' })],
    ['b.mdx', tagged({ category: 'career' })],
    ['b.mdx', tagged({ category: 'career', tags: '[PMO]' })],
    ['b.mdx', tagged({ category: 'career', tags: '[PMO]', aliases: '[old]' })],
    ['d.mdx', tagged({ title: '増えた記事' })],
    ['c.mdx', tagged({ draft: 'true' })],
    ['a.mdx', undefined],
    ['b.mdx', tagged({ description: 'あ'.repeat(100) })],
    ['b.mdx', tagged({ description: 'い'.repeat(100) })],
  ];
  for (const [file, text] of changes) {
    view(articles);
    if (text === undefined) fs.rmSync(path.join(root, 'articles', file));
    else write(root, `articles/${file}`, text);
    expect(await articles.refresh([`articles/${file}`])).toBe(true);
    expect(view(articles)).toEqual(view(openCatalog(root)));
  }
});
