import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { locate } from '#lib/articles/addresses.ts';
import { openCatalog } from '#lib/articles/catalog.ts';
import { PAGE_LENGTH, pageHref, readPage } from '#lib/articles/pages.ts';
import type { Snapshot } from '#lib/articles/snapshot.ts';
import { tagHref } from '#lib/articles/tags.ts';
import { articleText, contentFolder } from './content-folder.ts';

const NOW = new Date('2027-01-10T12:00:00+09:00');

/** `count` articles, one a day; number 1 is the oldest. */
function articlesOf(count: number): Record<string, string> {
  const files = Array.from({ length: count }, (_, index) => {
    const day = new Date(Date.UTC(2026, 0, index + 1)).toISOString().slice(0, 10);
    const head = { publishedAt: day, title: `記事${index + 1}`, tags: '[PMO, 働き方]' };
    return [`a${index + 1}.mdx`, articleText({ head })] as const;
  });
  return Object.fromEntries(files);
}
const snapshotOf = (articles: Record<string, string>) => openCatalog(contentFolder(articles)).snapshot(NOW);
const find = (snapshot: Snapshot, address: string, ready = true) => {
  const { pathname, searchParams } = new URL(address, 'http://localhost');
  return locate(snapshot, decodeURIComponent(pathname), searchParams, () => ready);
};
const keyAt = (snapshot: Snapshot, address: string) => {
  const located = find(snapshot, address);
  return located.status === 'page' ? located.key : located;
};
const revisionAt = (snapshot: Snapshot, address: string) => {
  const located = find(snapshot, address);
  if (located.status !== 'page') throw new Error(`${address} is no page`);
  return located.revision;
};

describe('一覧のページ', () => {
  const numbers = (articles: readonly { slug: string }[]) => articles.map(({ slug }) => Number(slug.slice(1)));
  const reader = () => {
    const { visible } = snapshotOf(articlesOf(41));
    return (count: number, ...values: string[]) => {
      const read = readPage(visible.slice(visible.length - count), values);
      return read.status === 'page' ? read.page : read;
    };
  };

  test('古い方から数え、いちばん新しいページが端数ともう1ページ分を持つ', () => {
    expect(PAGE_LENGTH).toBe(12);
    const pageAt = reader();
    const [newest, middle, oldest] = [pageAt(41), pageAt(41, '2'), pageAt(41, '1')];
    if ('status' in newest || 'status' in middle || 'status' in oldest) throw new Error('no page');
    expect(numbers(newest.articles)).toEqual(Array.from({ length: 17 }, (_, index) => 41 - index));
    expect(numbers(middle.articles)).toEqual(Array.from({ length: 12 }, (_, index) => 24 - index));
    expect(numbers(oldest.articles)).toEqual(Array.from({ length: 12 }, (_, index) => 12 - index));
    expect(newest).toMatchObject({ number: 3, isNewest: true, older: 2, newer: undefined });
    expect(middle).toMatchObject({ number: 2, isNewest: false, older: 1, newer: 3 });
    expect(oldest).toMatchObject({ number: 1, older: undefined, newer: 2 });
    expect([newest, middle].map((page) => pageHref('/articles', page))).toEqual(['/articles', '/articles?page=2']);
  });

  test('記事が何本でも、どの記事もちょうど1つのページにある', () => {
    const pageAt = reader();
    for (let count = 0; count <= 41; count++) {
      const all: number[] = [];
      for (let number = 1; ; number++) {
        const page = pageAt(count, String(number));
        if ('status' in page) break;
        all.unshift(...numbers(page.articles));
      }
      expect(all).toEqual(Array.from({ length: count }, (_, index) => count - index));
    }
  });

  test.each([
    [['03'], { status: 'moved', to: 3 }],
    [['３'], { status: 'moved', to: 3 }],
    [[' 3'], { status: 'moved', to: 3 }],
    [['2', '3'], { status: 'moved', to: 2 }],
    [['0'], { status: 'unknown' }],
    [['-1'], { status: 'unknown' }],
    [['4'], { status: 'unknown' }],
    [['99999999999999999999'], { status: 'unknown' }],
    [['1.5'], { status: 'unknown' }],
    [['1e0'], { status: 'unknown' }],
    [['abc'], { status: 'unknown' }],
    [[''], { status: 'unknown' }],
    [['NaN'], { status: 'unknown' }],
  ])('?page=%s', (values, outcome) => expect(reader()(41, ...values)).toEqual(outcome));

  test('新しい記事で変わるのは、一覧のいちばん新しいページだけ', () => {
    const root = contentFolder(articlesOf(47));
    const articles = openCatalog(root);
    const lists = ['/articles', '/categories/work', '/authors/team', `/tags/${encodeURIComponent('働き方')}`];
    const before = articles.snapshot(NOW);
    const pages = lists.flatMap((list) => [list, `${list}?page=2`, `${list}?page=1`]);
    const revisions = pages.map((page) => revisionAt(before, page));
    fs.writeFileSync(
      path.join(root, 'articles/new.mdx'),
      articleText({ head: { publishedAt: '2027-01-09', tags: '[働き方]' } }),
    );
    const after = openCatalog(root).snapshot(NOW);
    // The 48th article makes a fourth page: what was on the newest page stands on page 3 from now on.
    expect(keyAt(before, '/articles?page=3')).toBe('/articles');
    expect(keyAt(after, '/articles?page=3')).toBe('/articles?page=3');
    const changed = pages.filter((page, index) => revisionAt(after, page) !== revisions[index]);
    expect(changed).toEqual(lists);
  });
});

describe('住所', () => {
  test('公開を終えた記事の住所には、公開を終えたことを知らせるページがあり、共有画像はない', () => {
    const snapshot = snapshotOf({
      'ended.mdx': articleText({ head: { expiresAt: '2027-01-10T12:00:00', aliases: '[before]' } }),
      'draft.mdx': articleText({ head: { draft: 'true' } }),
    });
    expect(keyAt(snapshot, '/articles/ended')).toBe('/articles/ended');
    expect(keyAt(snapshot, '/articles/before')).toBe('/articles/before');
    expect(keyAt(snapshot, '/articles/draft')).toBe('/not-found');
    expect(keyAt(snapshot, '/articles/ended/share.png')).toBe('/not-found');
  });

  test('編集者の机は、公開しているサイトの住所にない', () => {
    for (const address of ['/preview', '/preview/articles/a1', '/preview/changes', '/drafts/a1']) {
      expect(keyAt(snapshotOf(articlesOf(1)), address), address).toBe('/not-found');
    }
  });

  const open = () =>
    snapshotOf({
      ...articlesOf(30),
      'tagged.mdx': articleText({ head: { tags: '[Agile, PM/PMO]' } }),
      'draft.mdx': articleText({ head: { draft: 'true', tags: '[秘密]' } }),
    });

  test('ページが読まない引数は、ページを増やさない', () => {
    const snapshot = open();
    expect(keyAt(snapshot, '/?utm_source=a')).toBe('/');
    expect(keyAt(snapshot, '/articles/a1?page=2&q=x')).toBe('/articles/a1');
    expect(keyAt(snapshot, '/articles?utm_source=a&page=1')).toBe('/articles?page=1');
    expect(keyAt(snapshot, '/search?utm_source=a')).toBe('/search');
    expect(keyAt(snapshot, '/nothing?page=2')).toBe('/not-found');
  });

  test('ないページは、どれも同じ「見つかりません」になる', () => {
    const snapshot = open();
    for (const address of ['/articles?page=99', '/articles?page=0', '/categories/work?page=x', '/tags/', '/tags/x/y']) {
      expect(keyAt(snapshot, address), address).toBe('/not-found');
    }
    for (const address of [
      '/categories/nothing',
      '/authors/nobody',
      '/tags/ないタグ',
      '/tags/秘密',
      '/articles/draft',
    ]) {
      expect(keyAt(snapshot, address), address).toBe('/not-found');
    }
  });

  test('別の書き方の番号とタグは、決まった住所へ導かれる', () => {
    const snapshot = open();
    expect(find(snapshot, '/articles?page=01')).toEqual({ status: 'moved', location: '/articles?page=1' });
    expect(find(snapshot, '/categories/work?page=1&page=2')).toEqual({
      status: 'moved',
      location: '/categories/work?page=1',
    });
    expect(find(snapshot, '/tags/ａｇｉｌｅ')).toEqual({ status: 'moved', location: '/tags/Agile' });
    expect(keyAt(snapshot, '/tags/働き方')).toBe(`/tags/${encodeURIComponent('働き方')}`);
  });

  test('住所にできないタグは、住所を持たない', () => {
    expect(tagHref('PM/PMO')).toBeUndefined();
    expect(tagHref('..')).toBeUndefined();
    expect(tagHref('100%?#')).toBe('/tags/100%25%3F%23');
  });

  test('同じ検索は同じページになり、ほかのページを押し出さない置き場に入る', () => {
    const snapshot = open();
    const search = find(snapshot, '/search?q=ＰＭＯ　 会議&utm_source=a');
    expect(search).toMatchObject({ status: 'page', key: '/search?q=PMO+%E4%BC%9A%E8%AD%B0', passing: true });
    expect(keyAt(snapshot, '/search?q=%20PMO%E3%80%80会議&page=1')).toBe('/search?q=PMO+%E4%BC%9A%E8%AD%B0');
    expect(keyAt(snapshot, '/search?q=PMO&q=会議')).toBe('/search?q=PMO');
    expect(keyAt(snapshot, '/search?q=PMO&page=2')).toBe('/search?q=PMO&page=2');
    expect(find(snapshot, '/search')).not.toHaveProperty('passing');
    for (const empty of ['/search', '/search?q=', '/search?q=%E3%80%80', '/search?q=%00', '/search?q=%E2%80%8B']) {
      expect(keyAt(snapshot, empty), empty).toBe('/search');
    }
  });

  test('検索の壊れたページ番号は、最初のページへ導かれる', () => {
    const snapshot = open();
    for (const page of ['0', '-1', 'abc', '1.5', '99999', '', '2&page=3']) {
      expect(find(snapshot, `/search?q=PMO&page=${page}`), page).toEqual({
        status: 'moved',
        location: '/search?q=PMO',
      });
    }
    expect(find(snapshot, '/search?page=2')).toEqual({ status: 'moved', location: '/search' });
  });

  test('順番がまだ決まらない検索の答えは、決まったあとの答えとは別の版になる', () => {
    const snapshot = open();
    const [early, ready] = [find(snapshot, '/search?q=PMO', false), find(snapshot, '/search?q=PMO', true)];
    if (early.status !== 'page' || ready.status !== 'page') throw new Error('no page');
    expect(early.key).toBe(ready.key);
    expect(early.revision).not.toBe(ready.revision);
  });
});

test('前後の記事は公開の順に並び、見えない記事は飛ばす。前後が変わると記事の版も変わる', () => {
  const root = contentFolder({
    ...articlesOf(3),
    'hidden.mdx': articleText({ head: { publishedAt: '2026-01-02', draft: 'true' } }),
  });
  const articles = openCatalog(root);
  const before = articles.snapshot(NOW);
  const around = (snapshot: Snapshot, slug: string) => {
    const { older, newer } = snapshot.neighbours(slug);
    return [older?.slug, newer?.slug];
  };
  expect(around(before, 'a1')).toEqual([undefined, 'a2']);
  expect(around(before, 'a2')).toEqual(['a1', 'a3']);
  expect(around(before, 'a3')).toEqual(['a2', undefined]);
  expect(around(before, 'hidden')).toEqual([undefined, undefined]);
  const revision = revisionAt(before, '/articles/a1');
  fs.writeFileSync(
    path.join(root, 'articles/a2.mdx'),
    articleText({ head: { publishedAt: '2026-01-02', title: '新しい題名' } }),
  );
  expect(revisionAt(openCatalog(root).snapshot(NOW), '/articles/a1')).not.toBe(revision);
});
