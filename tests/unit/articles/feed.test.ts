import { expect, test } from 'vitest';
import { openCatalog } from '#lib/articles/catalog.ts';
import { atomFeed, type FeedEntry } from '#lib/articles/feed.ts';
import { feedBody } from '#lib/articles/feed-body.ts';
import type { Snapshot } from '#lib/articles/snapshot.ts';
import { site } from '#lib/site.ts';
import { childrenOf, parseXml, textOf } from '../../support/xml.ts';
import { articleText, contentFolder } from './content-folder.ts';

// The moment of asking: a Sunday a week after the newest change below. It must show nowhere.
const NOW = new Date('2026-11-29T12:00:00+09:00');
const ORIGIN = 'https://pmo.example.jp';

function snapshotOf(articles: Record<string, string>): Snapshot {
  return openCatalog(contentFolder(articles)).snapshot(NOW);
}

const dated = (head: Record<string, string>) => articleText({ head });
const summaries = ({ visible }: Snapshot): FeedEntry[] => visible.map((article) => ({ article }));

/** The body of an article as the feed brings it. */
async function bodyOf(body: string): Promise<string> {
  const catalog = openCatalog(contentFolder({ 'a.mdx': articleText({ body }) }));
  const compiled = await catalog.compiled('a');
  if (compiled.status === 'broken') throw new Error(JSON.stringify(compiled.faults));
  const findFigure = (id: string) => catalog.figures().find((figure) => figure.id === id);
  return feedBody(compiled.body, { origin: ORIGIN, slug: 'a', findFigure });
}

test('フィードは新しい記事から並び、日付は記事を公開または更新した時', () => {
  const feed = parseXml(
    atomFeed(
      summaries(
        snapshotOf({
          'old.mdx': dated({ publishedAt: '2026-10-01', updatedAt: '2026-11-22T10:00:00' }),
          'new.mdx': dated({ publishedAt: '2026-11-20' }),
        }),
      ),
      ORIGIN,
    ),
  );
  expect(textOf(feed, 'updated')).toBe('2026-11-22T01:00:00.000Z');
  expect(childrenOf(feed, 'entry').map((entry) => [textOf(entry, 'id'), textOf(entry, 'updated')])).toEqual([
    [`${ORIGIN}/articles/new`, '2026-11-19T15:00:00.000Z'],
    [`${ORIGIN}/articles/old`, '2026-11-22T01:00:00.000Z'],
  ]);
});

test('Atomが求める要素がそろい、自分の住所を名乗る', () => {
  const feed = parseXml(atomFeed(summaries(snapshotOf({ 'a.mdx': dated({}) })), ORIGIN));
  expect(feed.attributes).toMatchObject({ xmlns: 'http://www.w3.org/2005/Atom', 'xml:lang': 'ja' });
  expect(textOf(feed, 'id')).toBe(`${ORIGIN}/`);
  expect(textOf(feed, 'title')).toBe(site.name);
  expect(childrenOf(feed, 'link').map(({ attributes }) => [attributes.rel, attributes.href])).toEqual([
    ['alternate', `${ORIGIN}/`],
    ['self', `${ORIGIN}/feed.xml`],
  ]);
  const [entry] = childrenOf(feed, 'entry');
  expect(entry?.children.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['id', 'title', 'link', 'published', 'updated', 'author', 'category', 'summary']),
  );
});

test('記事の全文が、部品もリンクもそれだけで読めるHTMLで入る', async () => {
  const body = [
    '[次の記事](/articles/b)と[資料](https://example.org/x)、[章](#章)。[^1]',
    '## 章',
    '<Cta />',
    '<KeyPoints>\n\n- 要る点\n\n</KeyPoints>',
    '<Note title="補足">\n\n補う文。\n\n</Note>',
    '取引は<Figure id="companies" />です。',
    '| 左 | 右 |\n| --- | ---: |\n| 1 | 2 |',
    '<Sources>\n\n- [出どころ](https://example.org/)\n\n</Sources>',
    '[^1]: 注の文。',
  ].join('\n\n');
  const html = await bodyOf(body);
  const hrefs = Array.from(html.matchAll(/href="([^"]*)"/g), ([, href = '']) => href);
  expect(hrefs.slice(0, 3)).toEqual([
    `${ORIGIN}/articles/b`,
    'https://example.org/x',
    `${ORIGIN}/articles/a#${encodeURIComponent('章')}`,
  ]);
  expect(hrefs.every((href) => /^https:\/\//.test(href))).toBe(true);
  expect(html).toContain('<blockquote><p><strong>要点</strong></p>');
  expect(html).toContain('<strong>補足</strong>');
  expect(html).toContain('取引は5,617社（2025-04-30時点）です。');
  expect(html).toContain('<h2>出典</h2>');
  expect(html).toContain('<td align="right">2</td>');
  // No component, id or class of our pages, no call to action.
  expect(html).not.toMatch(/<(?:Cta|KeyPoints|Note|Figure|Sources)|\sid=|\sclass=|無料登録/i);
});

test('全文と題名の記号は、XMLを壊さずにそのまま届く', async () => {
  const { visible } = snapshotOf({ 'a.mdx': dated({ title: '"R&D <PMO> の仕事"' }) });
  const html = await bodyOf('a \\< b & c ]]> `<p>`\n\n## 章\n\n文。');
  const [entry] = childrenOf(
    parseXml(
      atomFeed(
        visible.map((article) => ({ article, html })),
        ORIGIN,
      ),
    ),
    'entry',
  );
  if (!entry) throw new Error('no entry');
  expect(textOf(entry, 'title')).toBe('R&D <PMO> の仕事');
  expect(textOf(entry, 'content')).toBe(html);
  expect(childrenOf(entry, 'content')[0]?.attributes.type).toBe('html');
  expect(html).toContain('a &#x3C; b &#x26; c ]]> <code>&#x3C;p></code>');
});

test('フィードの版は、載っている記事の本文が変わると変わり、住所は変わらない', () => {
  const at = (body: string) => snapshotOf({ 'a.mdx': articleText({ body }), 'b.mdx': dated({}) });
  const [before, after] = [at('前の文です。\n\n## 章\n\n文。'), at('後の文です。\n\n## 章\n\n文。')];
  const same = at('前の文です。\n\n## 章\n\n文。');
  expect(after.revisionOf('/feed.xml')).not.toBe(before.revisionOf('/feed.xml'));
  expect(same.revisionOf('/feed.xml')).toBe(before.revisionOf('/feed.xml'));
  const ids = (snapshot: Snapshot) =>
    childrenOf(parseXml(atomFeed(summaries(snapshot), ORIGIN)), 'entry').map((entry) => textOf(entry, 'id'));
  expect(ids(after)).toEqual(ids(before));
});

test('記事が1つも無くても、いまの時刻を更新日にしない', () => {
  const feed = parseXml(atomFeed([], ORIGIN));
  expect(textOf(feed, 'updated')).toBe(new Date(`${site.privacyVersion}T00:00+09:00`).toISOString());
});
