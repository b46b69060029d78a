import { expect, test } from 'vitest';
import { openCatalog } from '#lib/articles/catalog.ts';
import { articleData, organizationData, webSiteData } from '#lib/articles/structured-data.ts';
import { site } from '#lib/site.ts';
import { articleText, contentFolder } from './content-folder.ts';

// That every property belongs to its type in schema.org's vocabulary is checked by the compiler (schema-dts). Here:
// what Google documents as required or recommended, as it stood in 2026-11, with values that it can use.

const ORIGIN = 'https://pmo.example.jp';
const NOW = new Date('2026-11-29T12:00:00+09:00');

function dataOf(head: Record<string, string>) {
  const { visible } = openCatalog(contentFolder({ 'a.mdx': articleText({ head }) })).snapshot(NOW);
  const [article] = visible;
  if (!article) throw new Error('no article');
  return articleData(article, ORIGIN);
}

test('記事には、Googleが挙げる項目がすべて、日本時間の日付と絶対の住所で入る', () => {
  expect(dataOf({ title: '題名', publishedAt: '2026-11-01', updatedAt: '2026-11-22T10:00:00' })).toMatchObject({
    '@context': 'https://schema.org',
    '@type': 'Article',
    headline: '題名',
    image: [`${ORIGIN}/articles/a/share.png`],
    datePublished: '2026-11-01T00:00:00+09:00',
    dateModified: '2026-11-22T10:00:00+09:00',
    author: [{ '@type': 'Organization', name: '編集部', url: `${ORIGIN}/authors/team` }],
  });
});

test('更新の無い記事の更新日は、公開日', () => {
  expect(dataOf({ publishedAt: '2026-11-01' })).toMatchObject({ dateModified: '2026-11-01T00:00:00+09:00' });
});

test('トップページは、運営者とサイトの名前を名乗る', () => {
  expect(organizationData(ORIGIN)).toMatchObject({
    '@type': 'Organization',
    name: site.name,
    url: `${ORIGIN}/`,
    logo: `${ORIGIN}/icon.svg`,
    telephone: expect.stringMatching(/^\+81\d{9,10}$/),
    email: site.operator.email,
  });
  expect(webSiteData(ORIGIN)).toMatchObject({ '@type': 'WebSite', name: site.name, url: `${ORIGIN}/` });
});

test('値の無い項目や空の項目は1つも無い', () => {
  const empty = (value: unknown): boolean =>
    value === undefined ||
    value === null ||
    value === '' ||
    (typeof value === 'object' && (Object.values(value).length === 0 || Object.values(value).some(empty)));
  expect(empty({ deep: [{ here: '' }] })).toBe(true);
  for (const data of [dataOf({}), organizationData(ORIGIN), webSiteData(ORIGIN)]) expect(empty(data)).toBe(false);
});
