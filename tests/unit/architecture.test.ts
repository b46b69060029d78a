import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const PROJECT = path.resolve(import.meta.dirname, '../..');

const report = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string() }) })),
});

function tracked(...patterns: string[]): string[] {
  const listed = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '--', ...patterns], {
    cwd: PROJECT,
    encoding: 'utf8',
  });
  return listed.stdout.split('\n').filter((file) => /\.(?:ts|tsx|mjs)$/.test(file));
}

const read = (file: string): string => readFileSync(path.join(PROJECT, file), 'utf8');

describe('部屋の決まり', () => {
  const libFiles = tracked('lib');

  test('libのファイルは、どこでも動くか、先頭でサーバー専用と名乗る', () => {
    expect(libFiles.length).toBeGreaterThan(10);
    const neither = libFiles.filter((file) => {
      const source = read(file);
      const serverOnly = source.startsWith("import '#server-only';");
      const needsServer = /from 'node:|process\.(?:env|cwd|on|argv)|Buffer\./.test(source);
      return needsServer && !serverOnly;
    });
    expect(neither).toEqual([]);
  });

  test('外から呼べる関数（use server）は app/register/actions.ts だけにある', () => {
    const files = tracked('app', 'components', 'lib').filter((file) => /^\s*['"]use server['"]/m.test(read(file)));
    expect(files).toEqual(['app/register/actions.ts']);
  });

  test('ブラウザーで動く部品（use client）は申し込みフォームとエラー表示だけ', () => {
    const files = tracked('app', 'components', 'lib').filter((file) => /^\s*['"]use client['"]/m.test(read(file)));
    const allowed = new Set(['components/lead-form.tsx', 'app/error.tsx', 'app/register/error.tsx']);
    expect(files.filter((file) => !allowed.has(file))).toEqual([]);
    expect(files).toContain('components/lead-form.tsx');
  });

  test('どのファイルも250行を超えない', () => {
    const long = tracked().filter((file) => read(file).split('\n').length > 251);
    expect(long).toEqual([]);
  });
});

// A rule that stops firing is worse than none: each is shown a violation of its own, in a project of nothing else.
describe('向きの決まりは破ると知らされる', () => {
  const violations: [name: string, file: string, source: string, rule: string][] = [
    [
      '記事が申し込みを呼ぶ',
      'lib/articles/a.ts',
      "import { QUESTIONS } from '#lib/leads/schema.ts';\nQUESTIONS.at(0);\n",
      'noRestrictedImports',
    ],
    [
      '申し込みが記事を呼ぶ',
      'lib/leads/a.ts',
      "import { catalog } from '#lib/articles/catalog.ts';\ncatalog();\n",
      'noRestrictedImports',
    ],
    [
      '読者向けの仕上げが記事を呼ぶ',
      'lib/reader/a.ts',
      "import { catalog } from '#lib/articles/catalog.ts';\ncatalog();\n",
      'noRestrictedImports',
    ],
    [
      'libが部品を呼ぶ',
      'lib/leads/b.ts',
      "import { Cta } from '#components/cta.tsx';\nCta();\n",
      'noRestrictedImports',
    ],
    [
      '部品が保管庫を呼ぶ',
      'components/a.tsx',
      "import { leadStore } from '#lib/leads/store.ts';\nleadStore();\n",
      'noRestrictedImports',
    ],
    ['画面が別の画面を呼ぶ', 'app/a.ts', "import Page from '#app/page.tsx';\nPage();\n", 'noRestrictedImports'],
    ['環境変数を直接読む', 'lib/leads/c.ts', 'export const port = process.env.PORT;\n', 'noProcessEnv'],
    ['待たれない約束', 'lib/leads/d.ts', 'async function send(): Promise<void> {}\nsend();\n', 'noFloatingPromises'],
    ['再輸出だけのファイル', 'lib/leads/e.ts', "export { QUESTIONS } from './schema.ts';\n", 'noBarrelFile'],
  ];
  const found = new Map<string, Set<string>>();

  beforeAll(() => {
    const project = mkdtempSync(path.join(tmpdir(), 'violations-'));
    const { vcs: _vcs, ...configuration } = JSON.parse(read('biome.json'));
    writeFileSync(path.join(project, 'biome.json'), JSON.stringify(configuration));
    for (const [, file, source] of violations) {
      mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
      writeFileSync(path.join(project, file), source);
    }
    const biome = path.join(PROJECT, 'node_modules/.bin/biome');
    const { stdout } = spawnSync(biome, ['lint', '--reporter=json', '.'], { cwd: project, encoding: 'utf8' });
    rmSync(project, { recursive: true });
    for (const { category, location } of report.parse(JSON.parse(stdout)).diagnostics) {
      const file = location.path.replace(/^\.\//, '');
      found.set(file, (found.get(file) ?? new Set()).add(category.split('/').at(-1) ?? ''));
    }
  });

  test.each(violations)('%s', (_name, file, _source, rule) => {
    expect([...(found.get(file) ?? [])]).toContain(rule);
  });
});
