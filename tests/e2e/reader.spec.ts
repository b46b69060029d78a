import { cp, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, type Page } from 'playwright/test';
import { readerPages } from './reader-pages.ts';
import { test } from './site.ts';

// Reader pages as they leave the server, and as a browser sees them.

const PROJECT = path.resolve(import.meta.dirname, '../..');
const ARTICLE = '/articles/pmo-yametoke';

type Answer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  rawHeaders: string[];
  body: Buffer;
};

/** One request exactly as written: fetch() would decode the body and mend the path. */
function ask(url: string, target: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const sent = request({ hostname, port, path: target, method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          rawHeaders: answer.rawHeaders,
          body: Buffer.concat(chunks),
        }),
      );
    });
    sent.on('error', reject).end();
  });
}

test('仕上げの前と後で、ページの文とリンクは同じ', async ({ browser, site, startSite }) => {
  test.setTimeout(120_000);
  const stock = await startSite({ READER_PAGES: 'stock', SITE_URL: site.url });
  const read = async (page: Page, url: string) => {
    await page.goto(url, { waitUntil: 'load' });
    return page.evaluate(() => ({
      title: document.title,
      text: document.body.innerText,
      links: [...document.links].map((link) => link.getAttribute('href')),
    }));
  };
  const [finished, unfinished] = [await browser.newPage(), await browser.newPage()];
  for (const page of [...(await readerPages(site.url)), '/nothing-here']) {
    expect(await read(finished, site.url + page), page).toEqual(await read(unfinished, stock.url + page));
  }
  await finished.close();
  await unfinished.close();
});

test('求められた圧縮で答え、中身は同じ', async ({ site }) => {
  const plain = await ask(site.url, ARTICLE);
  const brotli = await ask(site.url, ARTICLE, { 'accept-encoding': 'gzip, br' });
  const gzip = await ask(site.url, ARTICLE, { 'accept-encoding': 'gzip' });
  expect([plain, brotli, gzip].map(({ headers }) => headers['content-encoding'])).toEqual([undefined, 'br', 'gzip']);
  expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true);
  expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
  for (const { headers, body } of [plain, brotli, gzip]) {
    expect(headers.vary).toBe('accept-encoding');
    expect(Number(headers['content-length'])).toBe(body.length);
  }
});

test('速い道の答えは、Nodeの答えと、見出しも中身も同じ', async ({ site }) => {
  for (const page of [ARTICLE, '/', '/articles', '/feed.xml', '/sitemap.xml']) {
    const read = (connection: string) => ask(site.url, page, { 'accept-encoding': 'br', connection });
    // A page is packed better once a second reader came.
    await expect.poll(async () => (await read('close')).headers.etag).not.toContain('hasty');
    const [fast, slow] = [await read('keep-alive'), await read('close')];
    // Only the order of the headers tells which way an answer came.
    const way = ({ rawHeaders }: Answer) => rawHeaders.indexOf('x-accel-expires') > rawHeaders.indexOf('etag');
    expect([way(fast), way(slow)], page).toEqual([true, false]);
    const told = ({ headers: { date, connection, 'keep-alive': _, 'x-accel-expires': until, ...same } }: Answer) =>
      same;
    expect(told(fast), page).toEqual(told(slow));
    expect(fast.body.equals(slow.body), page).toBe(true);
  }
});

test('変わっていないページには304で答える', async ({ site }) => {
  const first = await ask(site.url, ARTICLE, { 'accept-encoding': 'br' });
  const tag = String(first.headers.etag);
  for (const condition of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
    const again = await ask(site.url, ARTICLE, { 'accept-encoding': 'br', 'if-none-match': condition });
    expect([again.status, again.body.length, again.headers.etag], condition).toEqual([304, 0, tag]);
  }
  const other = await ask(site.url, ARTICLE, { 'accept-encoding': 'gzip', 'if-none-match': tag });
  expect(other.status).toBe(200);
});

test('HEADは本文なしで同じ見出しを返し、知らないパラメーターはページを増やさない', async ({ site }) => {
  const get = await ask(site.url, ARTICLE);
  const head = await ask(site.url, ARTICLE, {}, 'HEAD');
  expect([head.status, head.body.length, head.headers.etag]).toEqual([200, 0, get.headers.etag]);
  const before = (await (await fetch(`${site.url}/readyz`)).json()).pages.cacheBytes;
  for (let number = 0; number < 50; number++) {
    expect((await ask(site.url, `${ARTICLE}?utm_source=mail&n=${number}`)).headers.etag).toBe(get.headers.etag);
    expect((await ask(site.url, `/nothing-${number}`)).status).toBe(404);
  }
  const after = (await (await fetch(`${site.url}/readyz`)).json()).pages.cacheBytes;
  expect(after - before).toBeLessThan(30_000);
});

test('書き方の違うアドレスも、同じページか、はっきりした答えになる', async ({ site }) => {
  const get = await ask(site.url, ARTICLE);
  expect((await ask(site.url, '/articles/%70mo-yametoke')).headers.etag).toBe(get.headers.etag);
  const slash = await ask(site.url, `${ARTICLE}/?a=1`);
  expect([slash.status, slash.headers.location]).toEqual([308, `${ARTICLE}?a=1`]);
  for (const [target, status] of [
    ['/%ff', 400],
    ['/a%00b', 400],
    ['/..%2f..%2fetc/passwd', 400],
    ['//evil.example', 404],
    [`/${'a'.repeat(8000)}`, 400],
    ['/_next/image?url=%2Fa.png&w=64&q=75', 404],
    ['/articles/../../etc/passwd', 404],
    ['/.env', 404],
    ['/articles/no-such-article', 404],
  ] as const) {
    const answer = await ask(site.url, target);
    expect(answer.status, target).toBe(status);
    expect(answer.headers.location, target).toBeUndefined();
    expect(answer.body.toString(), target).toContain('lang="ja"');
  }
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
    expect((await ask(site.url, '/', {}, method)).status).toBe(405);
});

test('100人が同時に初めて開いても、全員が同じページを受け取る', async ({ startSite }) => {
  const site = await startSite();
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask(site.url, ARTICLE)));
  expect(new Set(answers.map(({ status, headers }) => `${status} ${headers.etag}`)).size).toBe(1);
});

test('ほかのサイトへは何も求めず、違反の警告もない', async ({ page, site }) => {
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on('request', (outgoing) => asked.push(outgoing.url()));
  page.on('console', (message) => complaints.push(message.text()));
  for (const target of ['/', '/articles', ARTICLE, '/register', '/nothing-here']) await page.goto(site.url + target);
  expect(asked.filter((url) => !url.startsWith(site.url) && !url.startsWith('data:'))).toEqual([]);
  expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
});

test('戻るボタンで、ページは作り直されずに戻る', async ({ page, site }) => {
  await page.goto(site.url + ARTICLE);
  await page.goto(`${site.url}/articles`);
  await page.goBack();
  const blocked = await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    return JSON.stringify((navigation as { notRestoredReasons?: unknown } | undefined)?.notRestoredReasons ?? null);
  });
  expect(blocked).not.toContain('response-cache-control-no-store');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/PMOはやめとけ/);
});

test.describe('動いている間の編集', () => {
  const article = (title: string, extra = '') =>
    `---\ntitle: ${title}\ndescription: ${'記事の内容を短くまとめた文です。'.repeat(6)}\npublishedAt: 2026-11-22\nauthor: editorial-team\ncategory: work\ndisclosure: none\n${extra}---\n\n書き出しの段落です。\n\n## 見出し\n\n${title}の本文です。\n\n<Cta />\n\n## まとめ\n\n終わりです。\n`;

  async function editableSite(
    startSite: (environment: Record<string, string>) => Promise<{ url: string; output(): string }>,
  ) {
    const content = await mkdtemp(path.join(tmpdir(), 'content-'));
    await cp(path.join(PROJECT, 'content'), content, { recursive: true });
    const site = await startSite({ CONTENT_DIR: content });
    const file = path.join(content, 'articles', 'new-one.mdx');
    const page = async (target: string) => (await ask(site.url, target)).body.toString();
    const save = async (text: string) => {
      // As editors save: written aside, then moved over the old file.
      await writeFile(`${file}.tmp`, text);
      await rename(`${file}.tmp`, file);
    };
    return { content, site, file, page, save };
  }

  test('保存すると、そのままページ、一覧、フィード、サイトマップに出る。消すと消える', async ({ startSite }) => {
    const { content, file, page, save } = await editableSite(startSite);
    expect(await page('/articles')).not.toContain('/articles/new-one');
    await save(article('新しい記事'));
    await expect.poll(() => page('/articles/new-one')).toContain('新しい記事の本文です');
    for (const list of ['/', '/articles', '/categories/work', '/feed.xml', '/sitemap.xml']) {
      expect(await page(list), list).toContain('/articles/new-one');
    }
    await save(article('書き直した記事'));
    await expect.poll(() => page('/articles/new-one')).toContain('書き直した記事の本文です');
    await rm(file);
    await expect.poll(() => page('/articles')).not.toContain('/articles/new-one');
    expect(await page('/articles/new-one')).toContain('見つかりません');
    await rm(content, { recursive: true });
  });

  test('壊れたまま保存しても前の内容が出続け、場所と直し方が分かる', async ({ startSite }) => {
    const { content, site, page, save } = await editableSite(startSite);
    await save(article('正しい記事'));
    await expect.poll(() => page('/articles/new-one')).toContain('正しい記事の本文です');
    await save(article('正しい記事').replace('終わりです。', '報酬は<10万円です。'));
    const problems = async () => (await (await fetch(`${site.url}/readyz`)).json()).content.problems.join('\n');
    await expect.poll(problems).toMatch(/articles\/new-one\.mdx:\d+:\d+: .+（.+）/);
    expect(await page('/articles/new-one')).toContain('正しい記事の本文です');
    expect(site.output()).toMatch(/new-one\.mdx/);
    await save(article('直した記事'));
    await expect.poll(() => page('/articles/new-one')).toContain('直した記事の本文です');
    expect(await problems()).toBe('');
    await rm(content, { recursive: true });
  });

  test('公開と終了の時刻は、何も保存しなくても秒まで守られる', async ({ startSite }) => {
    const { content, site, page, save } = await editableSite(startSite);
    const articles = async () => (await (await fetch(`${site.url}/readyz`)).json()).content.articles;
    const before = await articles();
    const opens = new Date(Math.ceil(Date.now() / 1000) * 1000 + 3000);
    const closes = new Date(opens.getTime() + 2000);
    const text = article('時刻どおりの記事', `expiresAt: ${closes.toISOString().replace('.000', '')}\n`).replace(
      'publishedAt: 2026-11-22',
      `publishedAt: ${opens.toISOString().replace('.000', '')}`,
    );
    await save(text);
    await expect.poll(articles).toBe(before + 1);
    const seen: { at: number; shown: boolean }[] = [];
    while (Date.now() < closes.getTime() + 1000) {
      const at = Date.now();
      const shown = (await page('/articles/new-one')).includes('時刻どおりの記事の本文です');
      const answered = Date.now();
      // What was under way within a tick of a boundary may be answered either way.
      const isClear = (edge: Date) => answered < edge.getTime() - 200 || at > edge.getTime() + 200;
      if (isClear(opens) && isClear(closes)) seen.push({ at, shown });
    }
    const wrong = seen.filter(({ at, shown }) => shown !== (at >= opens.getTime() && at < closes.getTime()));
    expect(wrong).toEqual([]);
    expect(seen.filter(({ shown }) => shown).length).toBeGreaterThan(5);
    expect(await page('/articles')).not.toContain('/articles/new-one');
    await rm(content, { recursive: true });
  });
});
