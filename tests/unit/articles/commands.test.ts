import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { articleText, contentFolder } from './content-folder.ts';

function run(script: string, contentDir: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`scripts/${script}.ts`, ...args], {
    encoding: 'utf8',
    env: { ...process.env, CONTENT_DIR: contentDir, DATA_DIR: path.join(path.dirname(contentDir), 'data') },
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
  const clean = run('content-check', root, path.join(root, 'authors'));
  expect([clean.status, clean.out]).toEqual([0, ['問題はありません（記事3件）']]);
}, 30_000);

test('content:checkは、警告だけなら0で終わり、数を分けて言う', () => {
  const root = contentFolder({
    'a.mdx': articleText({ head: { publishedAt: '2001-01-01' } }),
    'b.mdx': articleText({ body: '議事禄を書きます。\n\n<Cta />\n' }),
  });
  const old = run('content-check', root, path.join(root, 'articles/a.mdx'));
  expect([old.status, old.out]).toEqual([
    0,
    [
      `${root}/articles/a.mdx:4:1: 警告: 公開から24か月を過ぎています（内容を見直し、見直した日を「updatedAt: 日付」で書きます）`,
      '問題はありません（記事2件）。ほかに警告が1件あります',
    ],
  ]);
  const prose = run('content-check', root, '--prose');
  expect(prose.out).toContain(
    `${root}/articles/b.mdx:10:1: 警告: 「議事禄」は「議事録」と書きます（「議事録」に直します）`,
  );
}, 60_000);

test('content:check --fixは、直したところを言い、残りを示す', () => {
  const root = contentFolder({ 'a.mdx': articleText({ body: '# 見え\u200bない題名\n\n<Cta />\n' }) });
  const { status, out } = run('content-check', root, '--fix');
  expect([status, out]).toEqual([
    1,
    [
      `直しました ${root}/articles/a.mdx:10:5: 見えない文字を消しました（U+200B）`,
      `${root}/articles/a.mdx:10:1: 本文に「# 」の見出しがあります（記事の題名はtitleです。「## 」にします）`,
      '1件の問題があります',
    ],
  ]);
  const unknown = run('content-check', root, '--fixx');
  expect([unknown.status, unknown.out]).toEqual([2, []]);
  expect(unknown.err).toContain('--fixx: 使えない指定です（使えるもの: --fix、--prose）');
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

test('content:previewは下書きを読むアドレスだけを標準出力に書き、公開中の記事やない記事では理由を言う', () => {
  const root = contentFolder({
    'draft.mdx': articleText({ head: { draft: 'true' } }),
    'public.mdx': articleText(),
    'broken.mdx': articleText({ head: { category: 'nothing' } }),
  });
  const made = run('content-preview', root, 'draft');
  expect([made.status, made.out]).toEqual([
    0,
    [expect.stringMatching(/^http:\/\/localhost:3000\/drafts\/draft\?t=[\w-]+$/)],
  ]);
  expect(made.err).toMatch(/^7日間（.+まで）、このアドレスを知っている人だけが読めます\n$/);
  // Whoever opens it sees what is to be mended.
  expect(run('content-preview', root, 'broken').status).toBe(0);
  const open = run('content-preview', root, 'public');
  expect([open.status, open.out]).toEqual([1, []]);
  expect(open.err).toContain('公開中です（http://localhost:3000/articles/publicを渡します）');
  for (const wrong of ['nothing', '../authors/team', '']) expect(run('content-preview', root, wrong).status).toBe(1);
  expect(run('content-preview', root).status).toBe(2);
}, 30_000);
