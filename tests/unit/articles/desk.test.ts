import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalog } from '#lib/articles/catalog.ts';
import { deskArticle, deskEntries } from '#lib/articles/desk.ts';
import { listContent } from '#lib/articles/folder.ts';
import { articleText, fillContentFolder } from './content-folder.ts';

// The desk looks at the catalog of the process: one folder for the whole file.
const NOW = new Date('2026-11-22T12:00:00+09:00');
const before = process.env.CONTENT_DIR;
let root: string;

const LINKS = '[診断](/quiz)、[下書き](/articles/draft)、[タグ](/tags/PMO)、[無い記事](/articles/nothing)';
const UNTIDY = `# 題名\n\nはじめの文です。${LINKS}\n\n<Cta />\n`;

beforeAll(() => {
  const cache = path.join(import.meta.dirname, '../../../node_modules/.cache');
  fs.mkdirSync(cache, { recursive: true });
  root = fs.mkdtempSync(path.join(cache, 'desk-'));
  process.env.CONTENT_DIR = root;
  fillContentFolder(root, {
    'draft.mdx': articleText({ head: { draft: 'true' } }),
    'future.mdx': articleText({ head: { publishedAt: '2026-12-01T09:00' } }),
    'public.mdx': articleText({ head: { tags: '[PMO]' } }),
    'ended.mdx': articleText({ head: { expiresAt: '2026-11-20' } }),
    'headless.mdx': articleText({ head: { category: 'nothing' } }),
    'untidy.mdx': articleText({ head: { draft: 'true' }, body: UNTIDY }),
  });
});

afterAll(() => {
  fs.rmSync(root, { recursive: true });
  if (before === undefined) delete process.env.CONTENT_DIR;
  else process.env.CONTENT_DIR = before;
});

test('一覧は、直すところがある記事を先にして、下書きも予定も公開を終えたものも並べる', () => {
  const seen = deskEntries(NOW).map(({ slug, state, faults }) => [slug, state, faults]);
  expect(seen).toEqual([
    ['headless', 'faulty', 1],
    ['future', 'scheduled', 0],
    ['draft', 'draft', 0],
    ['ended', 'ended', 0],
    ['public', 'public', 0],
    ['untidy', 'draft', 0],
  ]);
});

test('直すところには、行と列と、その行の文がつく', () => {
  const headless = deskArticle('headless', NOW);
  expect(headless).toMatchObject({ state: 'faulty', article: undefined, isOlder: false });
  expect(headless?.faults).toMatchObject([{ line: 6, column: 1, text: 'category: nothing' }]);
  // Bad editing does not keep an article from being drawn.
  const untidy = deskArticle('untidy', NOW);
  expect(untidy?.article?.slug).toBe('untidy');
  expect(untidy?.faults).toContainEqual(expect.objectContaining({ line: 11, column: 1, text: '# 題名' }));
  // Of the links only the one that leads nowhere, also for readers of a draft.
  const links = untidy?.faults.filter(({ text }) => text?.includes(LINKS)).map(({ message }) => message);
  expect(links).toEqual(['記事「nothing」はありません（行き先を直すか、リンクを外します）']);
});

test('壊れたまま保存されたら、直前の正しい内容であることが分かる', async () => {
  const file = path.join(root, 'articles/draft.mdx');
  const good = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(file, good.replace('本文です。', '報酬は<10万円です。'));
  await catalog().refresh(listContent(root));
  const broken = deskArticle('draft', NOW);
  expect(broken).toMatchObject({ state: 'draft', isOlder: true });
  expect(broken?.faults).toMatchObject([{ column: 4, text: '報酬は<10万円です。' }]);
  fs.writeFileSync(file, good);
  await catalog().refresh(listContent(root));
  expect(deskArticle('draft', NOW)).toMatchObject({ isOlder: false, faults: [] });
});

test('ない記事と、記事のフォルダーの外を指す名前には、何もない', () => {
  for (const name of ['nothing', '../authors/team', '..', '', 'DRAFT']) expect(deskArticle(name, NOW)).toBeUndefined();
});
