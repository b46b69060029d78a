import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A content folder on disk for one test, with an author, a category and a figure; removed afterwards. */
export function contentFolder(articles: Record<string, string> = {}): string {
  const root = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'content-')), 'content');
  onTestFinished(() => fs.rmSync(path.dirname(root), { recursive: true, force: true }));
  fillContentFolder(root, articles);
  return root;
}

/** Writes the same at a place of the test's choosing. */
export function fillContentFolder(root: string, articles: Record<string, string>): void {
  fs.mkdirSync(path.join(root, 'articles'), { recursive: true });
  fs.mkdirSync(path.join(root, 'authors'), { recursive: true });
  fs.writeFileSync(
    path.join(root, 'authors/team.yaml'),
    'name: 編集部\nkind: organization\nsummary: 紹介\nprofile: [紹介]\n',
  );
  fs.writeFileSync(
    path.join(root, 'categories.yaml'),
    '- id: work\n  name: しごと\n  description: 説明\n- id: career\n  name: キャリア\n  description: 説明\n',
  );
  fs.writeFileSync(
    path.join(root, 'figures.yaml'),
    '- id: companies\n  label: 企業数\n  value: 5617\n  unit: 社\n  asOf: 2025-04-30\n  source:\n    name: 運営者集計\n',
  );
  for (const [name, text] of Object.entries(articles)) fs.writeFileSync(path.join(root, 'articles', name), text);
}

const DESCRIPTION = '働き方の記事の要約です。'.repeat(8);
const BODY = 'はじめの文です。\n\n## 章の見出し\n\n本文です。\n\n<Cta />\n';

/** An article file without faults, but for what a test changes. `head` replaces or adds lines of front matter. */
export function articleText({ head = {}, body = BODY }: { head?: Record<string, string>; body?: string } = {}): string {
  const keys = {
    title: '記事の題名',
    description: DESCRIPTION,
    publishedAt: '2026-11-01',
    author: 'team',
    category: 'work',
    disclosure: 'none',
    ...head,
  };
  const lines = Object.entries(keys).map(([key, value]) => `${key}: ${value}`);
  return `---\n${lines.join('\n')}\n---\n\n${body}`;
}
