import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { z } from 'zod';
import { fillIn, leadsOf, newVisitor, press, type Visitor } from '../e2e/visitor.ts';
import { findHeadlessShell, launchOptions } from '../support/chromium.ts';
import { runSite } from '../support/running-site.ts';
import { untilScriptRuns } from '../support/script-runs.ts';

// A form page that one build has drawn, sent to the next: both are real builds, the page is open in a real browser.

const PROJECT = path.resolve(import.meta.dirname, '../..');
const LEFT_BEHIND = new Set(['node_modules', '.git', '.next', '.data']);
const ACTIONS = 'app/register/actions.ts';

/** How the code of the next build differs. */
export type Change = (project: string) => void;

function edit(project: string, file: string, change: (text: string) => string): void {
  const whole = path.join(project, file);
  const before = readFileSync(whole, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`${file} is not what this test was written for`);
  writeFileSync(whole, after);
}

/** The action does something else first, its file has another export before it, and the page another layer around it. */
export const rewriteAction: Change = (project) => {
  edit(project, ACTIONS, (text) =>
    text.replace(
      'export async function register(',
      'export async function another(): Promise<string> {\n  return "another";\n}\n\nexport async function register(',
    ),
  );
  edit(project, ACTIONS, (text) => text.replace('return answerTo', 'await another();\n  return answerTo'));
  writeFileSync(
    path.join(project, 'app/register/layout.tsx'),
    'export default function Layout({ children }: { children: React.ReactNode }) {\n  return <section>{children}</section>;\n}\n',
  );
};

/** The action's file lies elsewhere, which gives it another id. */
export const moveAction: Change = (project) => {
  mkdirSync(path.join(project, 'app/register/elsewhere'));
  const moved = 'app/register/elsewhere/actions.ts';
  renameSync(path.join(project, ACTIONS), path.join(project, moved));
  edit(project, 'app/register/page.tsx', (text) => text.replace(`'./actions.ts'`, `'./elsewhere/actions.ts'`));
};

export type NextBuild = { project: string; keptKey: boolean; remove(): void };

/** Builds a changed copy of this project, with the key of this project's build unless that was lost. */
export function buildNext(changes: readonly Change[], { keepKey }: { keepKey: boolean }): NextBuild {
  const project = mkdtempSync(path.join(tmpdir(), 'next-build-'));
  cpSync(PROJECT, project, { recursive: true, filter: (file) => !LEFT_BEHIND.has(path.basename(file)) });
  // Links where the temporary folder lies on the same file system: a second instead of a copy of everything.
  const modules = [path.join(PROJECT, 'node_modules'), path.join(project, 'node_modules')] as const;
  if (spawnSync('cp', ['-al', ...modules]).status !== 0) cpSync(...modules, { recursive: true });
  for (const change of changes) change(project);
  const key = keepKey ? { NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: keyOfBuild() } : {};
  const built = spawnSync(process.execPath, ['scripts/build.ts'], {
    cwd: project,
    env: { NODE_ENV: 'production', PATH: process.env.PATH, DATA_DIR: path.join(project, '.data'), ...key },
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`the next build failed:\n${built.stdout}${built.stderr}`);
  return { project, keptKey: keepKey, remove: () => rmSync(project, { recursive: true, force: true }) };
}

/** Next writes the key in clear into what it builds. */
function keyOfBuild(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(path.join(PROJECT, '.next/server/server-reference-manifest.json'), 'utf8'),
  );
  return z.object({ encryptionKey: z.string() }).parse(manifest).encryptionKey;
}

/** What became of one visitor's open page. `isThanked`: the thanks page was shown. */
export type Landing = { way: string; isThanked: boolean; leads: number; said: string };

/**
 * Visitors open the form of this build and fill it in, with and without script; the next build takes its place, `hours`
 * later by its clock; they press the button.
 */
export async function landOn(next: NextBuild, hours: number): Promise<Landing[]> {
  const site = await runSite();
  const browser = await chromium.launch(launchOptions(findHeadlessShell()));
  try {
    const open = [];
    for (const [way, javaScriptEnabled] of [
      ['スクリプトあり', true],
      ['スクリプトなし', false],
    ] as const) {
      open.push({ way, ...(await openForm(browser, site.url, javaScriptEnabled)) });
    }
    await site.stop();
    if (!next.keptKey) rmSync(path.join(site.dataDir, 'actions.key'));
    const shift = {
      SHIFT_HOURS: String(hours),
      NODE_OPTIONS: `--import=${path.resolve(import.meta.dirname, 'shift-clock.ts')}`,
    };
    await site.start(shift, next.project);
    const landings: Landing[] = [];
    for (const { way, page, visitor } of open) {
      await press(page);
      const heading = page.getByRole('heading', { level: 1, name: '登録を受け付けました' });
      const isThanked = await heading.waitFor({ timeout: 20_000 }).then(
        () => true,
        () => false,
      );
      const said = isThanked ? '' : await page.innerText('body');
      landings.push({ way, isThanked, said, leads: (await leadsOf(site.dataDir, visitor)).length });
    }
    return landings;
  } finally {
    await browser.close();
    await site.remove('SIGKILL');
  }
}

async function openForm(
  browser: Browser,
  url: string,
  javaScriptEnabled: boolean,
): Promise<{ page: Page; visitor: Visitor }> {
  const context = await browser.newContext({ javaScriptEnabled, locale: 'ja-JP' });
  const page = await context.newPage();
  await page.goto(`${url}/register?from=pmo-yametoke`);
  if (javaScriptEnabled) await untilScriptRuns(page);
  const visitor = newVisitor();
  await fillIn(page, visitor);
  return { page, visitor };
}
