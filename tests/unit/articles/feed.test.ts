import { expect, test } from 'vitest';
import { openCatalog } from '#lib/articles/catalog.ts';
import { atomFeed } from '#lib/articles/feed.ts';
import { sitemapXml } from '#lib/articles/sitemap.ts';
import { site } from '#lib/site.ts';
import { articleText, contentFolder } from './content-folder.ts';

// The moment of asking: a Sunday a week after the newest change below. It must show nowhere.
const NOW = new Date('2026-11-29T12:00:00+09:00');
const ORIGIN = 'https://pmo.example.jp';

function snapshotOf(articles: Record<string, string>) {
  return openCatalog(contentFolder(articles)).snapshot(NOW);
}

const dated = (head: Record<string, string>) => articleText({ head });

function parse(xml: string): { addresses: string[]; dates: string[]; titles: string[] } {
  const all = (pattern: RegExp) => Array.from(xml.matchAll(pattern), ([, text = '']) => text);
  return {
    addresses: all(/<(?:loc|id)>(.*?)<\//g),
    dates: all(/<(?:lastmod|updated)>(.*?)<\//g),
    titles: all(/<title>(.*?)<\//g),
  };
}

test('フィードは新しい記事から並び、日付は記事を公開または更新した時', () => {
  const { visible } = snapshotOf({
    'old.mdx': dated({ publishedAt: '2026-10-01', updatedAt: '2026-11-22T10:00:00' }),
    'new.mdx': dated({ publishedAt: '2026-11-20' }),
  });
  expect(parse(atomFeed(visible, ORIGIN))).toMatchObject({
    addresses: [`${ORIGIN}/`, `${ORIGIN}/articles/new`, `${ORIGIN}/articles/old`],
    dates: ['2026-11-22T01:00:00.000Z', '2026-11-19T15:00:00.000Z', '2026-11-22T01:00:00.000Z'],
  });
});

test('題名の記号は、XMLを壊さない形で入る', () => {
  const { visible } = snapshotOf({ 'a.mdx': dated({ title: '"R&D <PMO> の仕事"' }) });
  expect(parse(atomFeed(visible, ORIGIN)).titles).toEqual([site.name, 'R&amp;D &lt;PMO&gt; の仕事']);
});

test('サイトマップには見える記事と、記事のある分類と執筆者だけが、本当の更新日つきで載る', () => {
  const sitemap = parse(
    sitemapXml(
      snapshotOf({
        'seen.mdx': dated({ publishedAt: '2026-11-01', category: 'work' }),
        'draft.mdx': dated({ publishedAt: '2026-11-20', category: 'career', draft: 'true' }),
        'future.mdx': dated({ publishedAt: '2026-12-01', category: 'career' }),
      }),
      ORIGIN,
    ),
  );
  const changed = '2026-10-31T15:00:00.000Z';
  const written = new Date(`${site.privacyVersion}T00:00+09:00`).toISOString();
  const quizTypes = ['support', 'control', 'strategy', 'corporate', 'assessment'].map((type) => `/quiz/${type}`);
  expect(sitemap.addresses.map((address, index) => [address.replace(ORIGIN, ''), sitemap.dates[index]])).toEqual([
    ['/', changed],
    ['/articles', changed],
    ['/articles/seen', changed],
    ['/categories/work', changed],
    ['/authors/team', changed],
    ...['/service', '/quiz', ...quizTypes, '/privacy'].map((path) => [path, written]),
  ]);
});

test('記事が1つも無くても、いまの時刻を更新日にしない', () => {
  const { visible } = snapshotOf({});
  expect(parse(atomFeed(visible, ORIGIN)).dates).toEqual([
    new Date(`${site.privacyVersion}T00:00+09:00`).toISOString(),
  ]);
});
