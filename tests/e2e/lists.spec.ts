import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'playwright/test';
import { writeCorpus } from '../bench/corpus.ts';
import { type RunningSite, runSite } from '../support/running-site.ts';

// An archive of 60 articles: four full pages and the newest, which has the rest and one page more.

const corpus = writeCorpus(60);
let site: RunningSite;

test.beforeAll(async () => {
  site = await runSite({ CONTENT_DIR: corpus.folder });
});
test.afterAll(async () => {
  await site.remove();
  corpus.remove();
});

const read = async (address: string) => {
  const answer = await fetch(site.url + address, { redirect: 'manual' });
  return { status: answer.status, location: answer.headers.get('location'), html: await answer.text() };
};
const slugsIn = (html: string) =>
  [...html.matchAll(/class="entry-title"><a href="\/articles\/([^"]+)"/g)].map(([, slug]) => slug);
const linkIn = (html: string, rel: string) => new RegExp(`<link rel="${rel}" href="([^"]+)"`).exec(html)?.[1];

test('新しい一覧から古い一覧へたどると、どの記事も1度ずつ出る。前後と正規の住所が示される', async () => {
  const seen: string[] = [];
  const addresses: string[] = [];
  for (let next: string | undefined = `${site.url}/articles`; next; ) {
    const address: string = next.replace(site.url, '');
    const { status, html } = await read(address);
    expect(status).toBe(200);
    expect(linkIn(html, 'canonical')).toBe(site.url + address);
    addresses.push(address);
    seen.push(...slugsIn(html).flatMap((slug) => slug ?? []));
    next = linkIn(html, 'next');
  }
  expect(addresses).toEqual(['/articles', ...[4, 3, 2, 1].map((number) => `/articles?page=${number}`)]);
  expect(seen.toSorted()).toEqual(corpus.slugs.toSorted());
  const oldest = await read('/articles?page=1');
  expect(linkIn(oldest.html, 'prev')).toBe(`${site.url}/articles?page=2`);
  expect(oldest.html).toMatch(/<title>記事一覧（\d{4}年\d+月\d+日〜\d{4}年\d+月\d+日）/);
});

test('分類、著者、タグの一覧も同じように分かれる', async () => {
  for (const list of ['/authors/editorial-team', '/categories/work', `/tags/${encodeURIComponent('会議')}`]) {
    const { status, html } = await read(`${list}?page=1`);
    expect([list, status]).toEqual([list, 200]);
    expect(slugsIn(html).length).toBeGreaterThan(0);
  }
});

for (const [page, status, location] of [
  ['5', 200, null],
  ['05', 308, '/articles?page=5'],
  ['%EF%BC%93', 308, '/articles?page=3'],
  ['2&page=3', 308, '/articles?page=2'],
  ['6', 404, null],
  ['0', 404, null],
  ['-1', 404, null],
  ['1e0', 404, null],
  ['abc', 404, null],
  ['', 404, null],
  ['99999999999999999999', 404, null],
  ['%00', 404, null],
] as const) {
  test(`?page=${page} は ${status}`, async () => {
    const answer = await read(`/articles?page=${page}`);
    expect([answer.status, answer.location]).toEqual([status, location]);
    if (status === 404) expect(answer.html).toContain('<title>ページが見つかりません');
    if (status === 200) expect(linkIn(answer.html, 'canonical')).toBe(`${site.url}/articles`);
  });
}

test('公開の時刻になった記事は、その秒から見つかり、一覧のいちばん新しいページだけを変える', async () => {
  const words = '公開を待つ合言葉';
  const search = async () => (await read(`/search?q=${encodeURIComponent(words)}`)).html.includes('1件の記事');
  const older = await read('/articles?page=4');
  const newest = await read('/articles');
  const text = readFileSync(path.join(corpus.folder, 'articles', `${corpus.slugs[0]}.mdx`), 'utf8');
  const at = new Date(Date.now() + 3000);
  writeFileSync(
    path.join(corpus.folder, 'articles/waiting.mdx'),
    `${text.replace(/^publishedAt: .*$/m, `publishedAt: ${at.toISOString().slice(0, 19)}Z`)}\n${words}です。\n`,
  );
  await expect(async () => {
    const { articles } = (await (await fetch(`${site.url}/readyz`)).json()).content;
    expect(articles).toBe(61);
  }).toPass();
  const opens = Math.floor(at.getTime() / 1000) * 1000;
  for (;;) {
    const asked = Date.now();
    if (await search()) break;
    // But for a tick of the clock, whoever asks after the second must find it.
    expect(asked).toBeLessThan(opens + 200);
  }
  expect(Date.now()).toBeGreaterThanOrEqual(opens);
  expect((await read('/articles/waiting')).status).toBe(200);
  expect((await read('/articles?page=4')).html).toBe(older.html);
  expect((await read('/articles')).html).not.toBe(newest.html);
});
