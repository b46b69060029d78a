import { expect, test } from 'vitest';
import { locate } from '#lib/articles/addresses.ts';
import { openCatalog } from '#lib/articles/catalog.ts';
import { llmsText } from '#lib/articles/llms.ts';
import { hasSitemapPart, sitemapXml } from '#lib/articles/sitemap.ts';
import type { Snapshot } from '#lib/articles/snapshot.ts';
import { readClaim } from '#lib/claim.ts';
import { PMO_TYPES } from '#lib/quiz/schema.ts';
import { site } from '#lib/site.ts';
import { childrenOf, parseXml, textOf } from '../../support/xml.ts';
import { articleText, contentFolder } from './content-folder.ts';

// The moment of asking: a Sunday a week after the newest change below. It must show nowhere.
const NOW = new Date('2026-11-29T12:00:00+09:00');
const ORIGIN = 'https://pmo.example.jp';
const dated = (head: Record<string, string>) => articleText({ head });

function snapshotOf(articles: Record<string, string>): Snapshot {
  return openCatalog(contentFolder(articles)).snapshot(NOW);
}

/** A site of so many articles, which are only listed: one real article under other addresses, a minute apart. */
function siteOf(count: number): Snapshot {
  const snapshot = snapshotOf({ 'a.mdx': dated({ publishedAt: '2026-11-01' }) });
  const [article] = snapshot.visible;
  if (!article) throw new Error('no article');
  const newest = article.publishedAt.getTime();
  const visible = Array.from({ length: count }, (_, index) => {
    return { ...article, slug: `a-${index}`, publishedAt: new Date(newest - index * 60_000) };
  });
  return { ...snapshot, visible };
}

test('サイトマップには見える記事と、記事のある分類と執筆者だけが、本当の更新日つきで載る', () => {
  const sitemap = parseXml(
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
  const urls = childrenOf(sitemap, 'url');
  expect(urls.map((url) => [textOf(url, 'loc').replace(ORIGIN, ''), textOf(url, 'lastmod')])).toEqual([
    ['/', changed],
    ['/articles', changed],
    ['/articles/seen', changed],
    ['/categories/work', changed],
    ['/authors/team', changed],
    ['/service', written],
    ['/quiz', written],
    ...PMO_TYPES.map((type) => [`/quiz/${type}`, written]),
    ['/privacy', written],
    ['/accessibility', written],
    ['/about/60-seconds', readClaim().measuredAt.toISOString()],
  ]);
  const images = urls.flatMap((url) => childrenOf(url, 'image:image').map((image) => textOf(image, 'image:loc')));
  expect(images).toEqual([`${ORIGIN}/articles/seen/share.png`]);
});

test('50,000件を超えると、索引と、それぞれ50,000件までのファイルに分かれる', () => {
  const snapshot = siteOf(50_001);
  const index = parseXml(sitemapXml(snapshot, ORIGIN));
  expect(index.name).toBe('sitemapindex');
  const parts = childrenOf(index, 'sitemap');
  expect(parts.map((part) => textOf(part, 'loc'))).toEqual([
    `${ORIGIN}/sitemap.xml?part=1`,
    `${ORIGIN}/sitemap.xml?part=2`,
  ]);
  const files = ['1', '2'].map((part) => childrenOf(parseXml(sitemapXml(snapshot, ORIGIN, part)), 'url'));
  expect(files[0]?.length).toBe(50_000);
  const all = files.flat().map((url) => textOf(url, 'loc'));
  expect(new Set(all).size).toBe(all.length);
  expect(all.filter((address) => address.includes('/articles/')).length).toBe(50_001);
  // The second file begins where the newest of the first have long been listed; its date is its own.
  const newestOfSecond =
    files[1]
      ?.map((url) => textOf(url, 'lastmod'))
      .sort()
      .at(-1) ?? '';
  expect(parts[1] && textOf(parts[1], 'lastmod')).toBe(newestOfSecond);
});

test('サイトマップの分け方に無い番号は、見つからないページになる', () => {
  const [small, large] = [siteOf(3), siteOf(50_001)];
  const asked = ['0', '1', '2', '3', '01', '-1', 'x', ''];
  expect(asked.filter((part) => hasSitemapPart(large, part))).toEqual(['1', '2']);
  expect(asked.filter((part) => hasSitemapPart(small, part))).toEqual([]);
  const key = (snapshot: Snapshot, query: string) => {
    const located = locate(snapshot, '/sitemap.xml', new URLSearchParams(query));
    return located.status === 'page' ? located.key : located.status;
  };
  expect(key(small, '')).toBe('/sitemap.xml');
  expect(key(small, 'x=1')).toBe('/sitemap.xml');
  expect(key(small, 'part=1')).toBe('/not-found');
  expect(key(large, 'part=2')).toBe('/sitemap.xml?part=2');
});

test('llms.txtは見える記事だけを、分類ごとに絶対の住所で挙げる', () => {
  const text = llmsText(
    snapshotOf({
      'seen.mdx': dated({ title: '見える記事', category: 'work' }),
      'draft.mdx': dated({ title: '下書き', category: 'career', draft: 'true' }),
    }),
    ORIGIN,
  );
  expect(text.startsWith(`# ${site.name}\n\n> `)).toBe(true);
  expect(text).toContain(`## しごと\n\n- [見える記事](${ORIGIN}/articles/seen): `);
  expect(text).not.toMatch(/下書き|キャリア\n/);
  expect(text.endsWith('\n')).toBe(true);
});
