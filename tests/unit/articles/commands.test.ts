import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { articleText, contentFolder } from './content-folder.ts';

function run(script: string, contentDir: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`scripts/${script}.ts`, ...args], {
    encoding: 'utf8',
    env: { ...process.env, CONTENT_DIR: contentDir },
  });
  return { status, out: stdout.split('\n').slice(0, -1), err: stderr };
}

test('content:checkは問題を1行に1つ並べ、最後に数を言い、あれば1、なければ0で終わる', () => {
  const root = contentFolder({
    'a.mdx': articleText({ body: '# 題名\n' }),
    'b.mdx': articleText({ head: { category: 'nothing' } }),
    'c.mdx': articleText(),
  });
  const { status, out } = run('content-check', root);
  expect(status).toBe(1);
  expect(out).toEqual([
    `${root}/articles/a.mdx:10:1: <Cta />がありません（話の区切りのよい章の終わりに1つ置きます）`,
    `${root}/articles/a.mdx:10:1: 本文に「# 」の見出しがあります（記事の題名はtitleです。「## 」にします）`,
    `${root}/articles/b.mdx:6:1: categoryの「nothing」はcontent/categories.yamlにありません（使えるid: work、career）`,
    '3件の問題があります',
  ]);
  const one = run('content-check', root, path.join(root, 'articles/b.mdx'));
  expect([one.status, one.out.length, one.out.at(-1)]).toEqual([1, 2, '1件の問題があります']);
  const clean = run('content-check', root, path.join(root, 'articles/c.mdx'));
  expect([clean.status, clean.out]).toEqual([0, ['問題はありません（記事3件）']]);
}, 30_000);

test('content:checkは調べられないとき2で終わり、標準出力には何も書かない', () => {
  const lost = run('content-check', '/nothing/here');
  expect([lost.status, lost.out]).toEqual([2, []]);
  expect(lost.err).toContain('/nothing/here:1:1: フォルダーを読めません');
  const absent = run('content-check', contentFolder(), 'content/articles/nothing.mdx');
  expect([absent.status, absent.out]).toEqual([2, []]);
}, 30_000);

test('content:newは作った記事の場所だけを標準出力に書き、断ったときは理由を言う', () => {
  const root = contentFolder();
  const made = run('content-new', root, 'article', 'pmo-career');
  expect(made).toEqual({ status: 0, out: [path.join(root, 'articles/pmo-career.mdx')], err: '' });
  const again = run('content-new', root, 'article', 'pmo-career');
  expect([again.status, again.out]).toEqual([1, []]);
  expect(again.err).toContain('「pmo-career」という記事か、その古い住所がすでにあります');
  const usage = run('content-new', root, 'page', 'pmo-career');
  expect([usage.status, usage.out]).toEqual([2, []]);
  expect(usage.err).toContain('使い方: ');
}, 30_000);
