import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { openCatalog } from '#lib/articles/catalog.ts';
import { checkContent } from '#lib/articles/check.ts';
import { feedBody } from '#lib/articles/feed-body.ts';
import { faultLine } from '#lib/articles/schema.ts';
import { sitemapXml } from '#lib/articles/sitemap.ts';
import { articleData } from '#lib/articles/structured-data.ts';
import { watchContent } from '#lib/articles/watch.ts';
import { openWorkshop } from '#lib/articles/workshop-thread.ts';
import { articleText, contentFolder } from './content-folder.ts';

const NOW = new Date('2026-11-22T12:00:00+09:00');
const ORIGIN = 'https://pmo.example.jp';
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const FLOW =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 40"><text x="9" y="20" font-size="14">課題</text></svg>';
const BODY =
  '![会議で課題を出し合う様子](room.png)\n\n## 章\n\n![課題が解かれるまでの流れ](flow.svg)\n\n![付箋を貼った壁の様子](wall.jpg)\n\n<Cta />\n';

/** One for all tests: starting its thread and its process, and making the same few pictures, takes most of the time. */
const kept = fs.mkdtempSync(path.join(os.tmpdir(), 'kept-'));
const workshop = openWorkshop({ pictures: kept });
afterAll(() => {
  workshop.close();
  fs.rmSync(kept, { recursive: true, force: true });
});

async function photo(file: string, width: number): Promise<void> {
  const drawn = sharp({ create: { width, height: 300, channels: 3, background: '#286' } });
  await drawn.toFormat(file.endsWith('.png') ? 'png' : 'jpeg').toFile(file);
}

/** A content folder with one article in a folder of its own, its pictures beside it. */
async function illustrated({ head = {}, body = BODY }: { head?: Record<string, string>; body?: string } = {}) {
  const root = contentFolder();
  const at = (name: string) => path.join(root, 'articles/a', name);
  fs.mkdirSync(at(''));
  fs.writeFileSync(at('index.mdx'), articleText({ head, body }));
  fs.writeFileSync(at('flow.svg'), FLOW);
  await photo(at('room.png'), 600);
  await photo(at('wall.jpg'), 500);
  await photo(at('cover.jpg'), 700);
  const open = () => {
    const articles = openCatalog(root);
    articles.workIn(workshop);
    return articles;
  };
  return { root, at, open };
}

async function htmlOf(articles: ReturnType<typeof openCatalog>): Promise<string> {
  const compiled = await articles.compiled('a');
  if (compiled.status === 'broken') throw new Error(compiled.faults.map(faultLine).join('\n'));
  const { toHtml } = await import('hast-util-to-html');
  const { cover, opening, body } = compiled.body;
  return [cover?.element, opening, body].flatMap((tree) => (tree ? [toHtml(tree)] : [])).join('');
}

const check = async (root: string) => {
  const checked = await checkContent(root, NOW);
  return checked.status === 'checked'
    ? checked.faults.map((fault) => faultLine(fault).replace(`${root}/articles/`, ''))
    : [];
};

test('本文の写真は2つの形式と幅の候補つきで、先頭だけをすぐに、ほかは近づいてから求める', async () => {
  const { root, open } = await illustrated();
  expect(await check(root)).toEqual([]);
  const html = await htmlOf(open());
  const sources = [...html.matchAll(/<source type="image\/avif" srcset="([^"]+)" sizes="([^"]+)">/g)];
  expect(sources.map(([, set]) => set)).toEqual([
    expect.stringMatching(/^\/images\/([0-9a-f]{24})-480\.avif 480w, \/images\/\1-600\.avif 600w$/),
    expect.stringMatching(/^\/images\/([0-9a-f]{24})-480\.avif 480w, \/images\/\1-500\.avif 500w$/),
  ]);
  const images = [...html.matchAll(/<img [^>]+>/g)].map(([tag]) => tag);
  expect(images[0]).toMatch(
    /width="600" height="300" alt="会議で課題を出し合う様子" decoding="async" fetchpriority="high"/,
  );
  expect(images[0]).not.toContain('loading=');
  expect(images[1]).toMatch(/width="500" height="300" alt="付箋を貼った壁の様子" decoding="async" loading="lazy"/);
  expect(images[1]).not.toContain('fetchpriority');
  expect(html).toContain('role="img" aria-label="課題が解かれるまでの流れ"');
  expect(html).not.toMatch(/<p>\s*<(?:picture|svg)/);
});

test('見出しの前の画像は、写真より先に求められ、検索とサイトマップにはその住所が載る', async () => {
  const { open } = await illustrated({ head: { image: 'cover.jpg', imageAlt: '朝の会議室で話す人たち' } });
  const articles = open();
  const address = () => sitemapXml(articles.snapshot(NOW), ORIGIN).match(/<image:loc>([^<]+)/)?.[1];
  expect(address()).toBe(`${ORIGIN}/articles/a/share.png`);
  const before = articles.snapshot(NOW).revisionOf('/articles/a');
  await articles.verify();
  expect(address()).toMatch(/^https:\/\/pmo\.example\.jp\/images\/[0-9a-f]{24}-700\.webp$/);
  expect(articles.snapshot(NOW).revisionOf('/articles/a')).not.toBe(before);
  const [article] = articles.snapshot(NOW).visible;
  if (!article) throw new Error('no article');
  expect(articleData(article, ORIGIN).image).toEqual([address()]);
  const images = [...(await htmlOf(articles)).matchAll(/<img [^>]+>/g)].map(([tag]) => tag);
  expect(images).toHaveLength(3);
  expect(images.filter((tag) => tag.includes('fetchpriority="high"'))).toEqual([expect.stringContaining('朝の会議室')]);
});

test.each([
  ['壊れた写真', { 'room.png': 'これは画像ではありません' }, '10:1: 画像「room.png」の中身が画像ではありません'],
  [
    '危ない図',
    { 'flow.svg': FLOW.replace('<text', '<script/><text') },
    '14:1: 図「flow.svg」の1行目: <script>は使えません',
  ],
  ['無い写真', { 'wall.jpg': undefined }, '16:1: 画像「wall.jpg」が記事と同じフォルダーにありません'],
])('%sは場所つきで示され、記事は前のまま出続ける', async (_, files, fault) => {
  const { root, at, open } = await illustrated();
  const articles = open();
  await articles.verify();
  const before = await htmlOf(articles);
  for (const [name, text] of Object.entries(files)) {
    if (text === undefined) fs.rmSync(at(name));
    else fs.writeFileSync(at(name), text);
  }
  await articles.refresh(['articles/a/index.mdx']);
  expect(articles.problems().map((each) => faultLine(each).replace(`${root}/articles/a/index.mdx:`, ''))).toEqual([
    expect.stringContaining(fault),
  ]);
  expect(await check(root)).toEqual([expect.stringContaining(`a/index.mdx:${fault}`)]);
  expect(await htmlOf(articles)).toBe(before);
  expect(articles.snapshot(NOW).find('a').status).toBe('visible');
});

test('見ている間に画像を差し替えると、記事を保存し直さなくても新しい画像になる', async () => {
  const { root, at, open } = await illustrated();
  const articles = open();
  onTestFinished(watchContent(() => undefined, { root, articles, workshop, log: quiet, compareMs: 3_600_000 }));
  const before = await htmlOf(articles);
  await photo(at('room.png.tmp.png'), 640);
  fs.renameSync(at('room.png.tmp.png'), at('room.png'));
  await vi.waitFor(async () => expect(await htmlOf(articles)).toContain('width="640"'), {
    timeout: 20_000,
    interval: 50,
  });
  expect(before).toContain('width="600"');
  expect(articles.problems()).toEqual([]);
});

test('使われている画像は、本文をすべて見た後で数えられる', async () => {
  const { open } = await illustrated({ head: { image: 'cover.jpg', imageAlt: '朝の会議室で話す人たち' } });
  const articles = open();
  expect(articles.picturesInUse()).toBeUndefined();
  await articles.verify();
  expect(articles.picturesInUse()?.size).toBe(3);
});

test.each([
  ['![](room.png)', '画像「room.png」の説明がありません'],
  ['![room](room.png)', '画像「room.png」の説明がファイルの名前です'],
  ['![写真1](room.png)', '画像「room.png」の説明「写真1」では内容がわかりません'],
  ['![会議の様子.png](room.png)', '画像「room.png」の説明がファイルの名前です'],
  [`![${'長'.repeat(301)}](room.png)`, '画像「room.png」の説明が301文字あります'],
])('画像の説明 %s は「%s」と示されるが、記事は出る', async (image, message) => {
  const { root, open } = await illustrated({ body: `${image}\n\n## 章\n\n<Cta />\n` });
  expect(await check(root)).toEqual([expect.stringContaining(`a/index.mdx:10:1: ${message}`)]);
  expect(await htmlOf(open())).toContain('<img ');
});

test('記事の上の画像の説明も、内容がわからなければ示される', async () => {
  const { root } = await illustrated({ head: { image: 'cover.jpg', imageAlt: '画像' } });
  expect(await check(root)).toEqual([
    'a/index.mdx:9:1: 画像「cover.jpg」の説明「画像」では内容がわかりません（imageAltに、見えない人にも伝わるように内容を書きます）',
  ]);
});

test('フォルダーでない記事に画像を書くと、置き方が示される', async () => {
  const root = contentFolder({ 'a.mdx': articleText({ body: '![課題の流れの図です](flow.svg)\n\n<Cta />\n' }) });
  expect(await check(root)).toEqual([
    'a.mdx:10:1: 画像を置けるのはフォルダーの記事です（このファイルをarticles/a/index.mdxに移し、画像「flow.svg」を並べて置きます）',
  ]);
});

test('フィードでは、写真は絶対の住所で、図は言葉で入る', async () => {
  const { open } = await illustrated();
  const compiled = await open().compiled('a');
  if (compiled.status === 'broken') throw new Error('broken');
  const html = feedBody(compiled.body, { origin: ORIGIN, slug: 'a', findFigure: () => undefined });
  expect(html).toMatch(
    /<img alt="会議で課題を出し合う様子" width="600" height="300" src="https:\/\/pmo\.example\.jp\/images\/[0-9a-f]{24}-600\.webp">/,
  );
  expect(html).toContain('<p>［図］課題が解かれるまでの流れ</p>');
  expect(html).not.toMatch(/<(?:svg|source|picture)/);
});

test('画像の説明は、読む文字数に数えない', async () => {
  const { root } = await illustrated();
  const without = contentFolder({ 'a.mdx': articleText({ body: BODY.replace(/^!.*$/gm, '') }) });
  const charactersIn = (folder: string) => openCatalog(folder).article('a')?.characters;
  expect(charactersIn(root)).toBe(charactersIn(without));
});
