import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalog } from '#lib/articles/catalog.ts';
import { deskArticle, deskEntries } from '#lib/articles/desk.ts';
import { listContent } from '#lib/articles/folder.ts';
import { proofSaved } from '#lib/articles/prose/proof-saved.ts';
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
    'old.mdx': articleText({ head: { publishedAt: '2020-01-01' } }),
  });
});

afterAll(() => {
  fs.rmSync(root, { recursive: true });
  if (before === undefined) delete process.env.CONTENT_DIR;
  else process.env.CONTENT_DIR = before;
});

test('一覧は、直すところがある記事を先にして、下書きも予定も公開を終えたものも並べる', () => {
  const seen = deskEntries(NOW).map(({ slug, state, faults, warnings }) => [slug, state, faults, warnings]);
  expect(seen).toEqual([
    ['headless', 'faulty', 1, 0],
    ['future', 'scheduled', 0, 0],
    ['draft', 'draft', 0, 0],
    ['ended', 'ended', 0, 0],
    ['public', 'public', 0, 0],
    ['untidy', 'draft', 0, 0],
    ['old', 'public', 0, 1],
  ]);
});

test('長く見直していない記事は、直すところではなく警告になる', () => {
  const old = deskArticle('old', NOW);
  expect(old).toMatchObject({ faults: [], language: 'unread' });
  expect(old?.warnings).toMatchObject([{ severity: 'warning', text: 'publishedAt: 2020-01-01' }]);
});

test('文章の警告は、開いた記事の、保存した文を読み終えてから届く。前の文を読んだ警告はそれまで残る', async () => {
  const file = path.join(root, 'articles/draft.mdx');
  const good = fs.readFileSync(file, 'utf8');
  const save = async (change: (text: string) => string) => {
    fs.writeFileSync(file, change(good));
    await catalog().refresh(listContent(root));
  };
  let told = () => {};
  const read = () => new Promise<void>((resolve) => (told = resolve));
  const stop = proofSaved(root, () => told());
  try {
    await save((text) => text.replace('本文です。', '議事禄の本文です。'));
    let isRead = read();
    expect(deskArticle('draft', NOW)).toMatchObject({ warnings: [], language: 'reading' });
    await isRead;
    expect(deskArticle('draft', NOW)).toMatchObject({
      faults: [],
      warnings: [{ column: 1, text: '議事禄の本文です。', message: expect.stringContaining('「議事録」と書きます') }],
      language: 'read',
    });
    expect(deskEntries(NOW).find(({ slug }) => slug === 'draft')).toMatchObject({ faults: 0, warnings: 1 });
    // Two saves in a row: one reading, of the newer.
    await save((text) => text.replace('本文です。', '御担当者の本文です。'));
    deskArticle('draft', NOW);
    await save((text) => text);
    isRead = read();
    expect(deskArticle('draft', NOW)?.warnings).toMatchObject([{ text: '議事禄の本文です。' }]);
    await isRead;
    expect(deskArticle('draft', NOW)).toMatchObject({ warnings: [], language: 'read' });
    // A spelling of the house counts without another save of the article.
    fs.writeFileSync(path.join(root, 'words.yaml'), '- write: 文章\n  not: [本文]\n');
    isRead = read();
    expect(deskArticle('draft', NOW)?.language).toBe('reading');
    await isRead;
    expect(deskArticle('draft', NOW)?.warnings).toMatchObject([{ message: expect.stringContaining('「文章」') }]);
  } finally {
    stop();
    fs.rmSync(path.join(root, 'words.yaml'), { force: true });
    await save((text) => text);
  }
  expect(deskArticle('draft', NOW)).toMatchObject({ warnings: [], language: 'unread' });
}, 60_000);

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
