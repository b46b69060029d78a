import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openCatalog } from '#lib/articles/catalog.ts';
import { watchContent } from '#lib/articles/watch.ts';
import { onTheSpot } from '#lib/articles/workshop.ts';
import { articleText, contentFolder, fillContentFolder } from './content-folder.ts';

const NOW = new Date('2026-11-22T12:00:00+09:00');
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
/** Of a change that is seen at once where the machine is not busy. */
const SOON = { timeout: 15_000, interval: 5 };
const titled = (title: string) => articleText({ head: { title } });

/** A watched folder, followed before it is handed over: the first comparison is through. */
async function watched(root: string, options: { events?: boolean; compareMs?: number } = {}) {
  const articles = openCatalog(root);
  const log = { ...quiet, warn: vi.fn(), info: vi.fn() };
  let comparisons = 0;
  const workshop = {
    ...onTheSpot,
    async list(folder: string) {
      const listing = await onTheSpot.list(folder);
      comparisons += 1;
      return listing;
    },
  };
  // Without events nothing but the slow comparison is at work, with events nothing but the events.
  const onChange = vi.fn();
  onTestFinished(watchContent(onChange, { root, articles, workshop, log, compareMs: 3_600_000, ...options }));
  await vi.waitFor(() => expect(comparisons).toBeGreaterThanOrEqual(options.events === false ? 1 : 2), SOON);
  const title = (slug: string) => {
    const found = articles.snapshot(NOW).find(slug);
    return found.status === 'visible' ? found.article.title : found.status;
  };
  const shows = (slug: string, expected: string) => vi.waitFor(() => expect(title(slug)).toBe(expected), SOON);
  return { articles, shows, title, onChange, log, write: (file: string, text: string) => put(root, file, text) };
}

function put(root: string, file: string, text: string): void {
  fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  fs.writeFileSync(path.join(root, file), text);
}

test('保存した内容がすぐに見え、知らせが届く', async () => {
  const { shows, write, onChange } = await watched(contentFolder({ 'a.mdx': titled('前') }));
  write('articles/a.mdx', titled('後'));
  await shows('a', '後');
  await vi.waitFor(() => expect(onChange).toHaveBeenCalled(), SOON);
});

test('名前の変更による保存を繰り返しても、毎回見える', async () => {
  const root = contentFolder({ 'a.mdx': titled('前') });
  const { shows } = await watched(root);
  for (const title of ['1回目', '2回目', '3回目']) {
    put(root, 'articles/.a.mdx.tmp', titled(title));
    fs.renameSync(path.join(root, 'articles/.a.mdx.tmp'), path.join(root, 'articles/a.mdx'));
    await shows('a', title);
  }
});

test('書きかけの保存では前の版が残り、書き終えると新しい版になる', async () => {
  const root = contentFolder({ 'a.mdx': titled('前') });
  const { articles, shows, title } = await watched(root);
  const text = titled('後');
  const file = fs.openSync(path.join(root, 'articles/a.mdx'), 'w');
  fs.writeSync(file, text.slice(0, 30));
  await vi.waitFor(() => expect(articles.problems()).toHaveLength(1), SOON);
  expect(title('a')).toBe('前');
  fs.writeSync(file, text.slice(30));
  fs.closeSync(file);
  await shows('a', '後');
  expect(articles.problems()).toEqual([]);
});

test('増えた記事、消した記事、増えたフォルダーとその中の保存が見える', async () => {
  const root = contentFolder({ 'a.mdx': titled('最初') });
  const { shows, write } = await watched(root);
  write('articles/b.mdx', titled('増えた'));
  await shows('b', '増えた');
  write('articles/c/index.mdx', titled('フォルダー'));
  await shows('c', 'フォルダー');
  write('articles/c/index.mdx', titled('その後'));
  await shows('c', 'その後');
  fs.rmSync(path.join(root, 'articles/a.mdx'));
  await shows('a', 'unknown');
  fs.rmSync(path.join(root, 'articles/c'), { recursive: true });
  await shows('c', 'unknown');
});

test('著者と数値の変更が見える', async () => {
  const root = contentFolder({ 'a.mdx': articleText() });
  const { articles, write } = await watched(root);
  write('authors/team.yaml', 'name: 新編集部\nkind: organization\nsummary: 紹介\nprofile: [紹介]\n');
  await vi.waitFor(() => expect(articles.snapshot(NOW).visible[0]?.author.name).toBe('新編集部'), SOON);
  write('figures.yaml', '[]\n');
  await vi.waitFor(() => expect(articles.snapshot(NOW).figures).toEqual([]), SOON);
});

test('articlesフォルダーが丸ごと入れ替わっても、その後の保存まで見える', async () => {
  const root = contentFolder({ 'a.mdx': titled('前') });
  const { shows, write } = await watched(root);
  fs.renameSync(path.join(root, 'articles'), path.join(root, 'old'));
  write('articles/a.mdx', titled('後'));
  await shows('a', '後');
  write('articles/a.mdx', titled('さらに後'));
  await shows('a', 'さらに後');
});

test('フォルダーが消えている間は前の記事が残り、戻れば新しい記事になる', async () => {
  const root = contentFolder({ 'a.mdx': titled('前') });
  const { articles, shows, title } = await watched(root);
  fs.renameSync(root, `${root}-away`);
  await vi.waitFor(
    () => expect(articles.problems().map(({ message }) => message)).toEqual([expect.stringContaining('フォルダー')]),
    SOON,
  );
  expect(title('a')).toBe('前');
  fillContentFolder(root, { 'a.mdx': titled('後') });
  await shows('a', '後');
  expect(articles.problems()).toEqual([]);
});

test.each(['content', 'articles'])('%sを指すリンクの付け替えが見え、その後の保存も見える', async (linked) => {
  const root = contentFolder();
  const release = (name: string, title: string) => {
    const folder = path.join(path.dirname(root), name);
    fillContentFolder(folder, { 'a.mdx': titled(title) });
    return linked === 'content' ? folder : path.join(folder, 'articles');
  };
  const link = linked === 'content' ? root : path.join(root, 'articles');
  const pointTo = (target: string) => {
    fs.symlinkSync(target, `${link}.next`);
    fs.renameSync(`${link}.next`, link);
  };
  fs.rmSync(link, { recursive: true });
  pointTo(release('release-1', '1版'));
  const { shows } = await watched(root);
  await shows('a', '1版');
  pointTo(release('release-2', '2版'));
  await shows('a', '2版');
  put(path.join(path.dirname(root), 'release-2'), 'articles/a.mdx', titled('2版の直し'));
  await shows('a', '2版の直し');
});

test('知らせが1つも届かなくても、定期の見比べで気づく', async () => {
  const { shows, write } = await watched(contentFolder({ 'a.mdx': titled('前') }), { events: false, compareMs: 20 });
  write('articles/a.mdx', titled('後'));
  await shows('a', '後');
});

test('大きさと更新日時を変えない書き換えにも、定期の見比べで気づく', async () => {
  const root = contentFolder({ 'a.mdx': titled('前') });
  const file = path.join(root, 'articles/a.mdx');
  fs.utimesSync(file, 1_700_000_000, 1_700_000_000);
  const { shows } = await watched(root, { events: false, compareMs: 20 });
  fs.writeFileSync(file, titled('後'));
  fs.utimesSync(file, 1_700_000_000, 1_700_000_000);
  await shows('a', '後');
});

test('壊れた保存は一度だけ記録に残り、直すと直ったと残る', async () => {
  const root = contentFolder({ 'a.mdx': titled('前') });
  const { articles, log, onChange, write, title } = await watched(root);
  write('articles/a.mdx', articleText({ body: '<Nothing />\n' }));
  await vi.waitFor(() => expect(log.warn).toHaveBeenCalled(), SOON);
  expect(log.warn.mock.calls).toEqual([
    [{ event: 'content.problem', problem: expect.stringMatching(/a\.mdx:10:1: <Nothing>という部品はありません（/) }],
  ]);
  expect(title('a')).toBe('前');
  onChange.mockClear();
  write('articles/b.mdx', titled('別の記事'));
  await vi.waitFor(() => expect(onChange).toHaveBeenCalled(), SOON);
  expect(log.warn).toHaveBeenCalledOnce();
  write('articles/a.mdx', titled('後'));
  await vi.waitFor(() => expect(log.info).toHaveBeenCalledOnce(), SOON);
  expect(articles.problems()).toEqual([]);
});
