import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ensureChromium } from '../tests/support/chromium.ts';

// `npm test`: everything that must hold, in the order in which a fault is found soonest. The browser tests run on the
// production build made here. The last line counts: a check is one, a test is one.

const PROJECT = path.resolve(import.meta.dirname, '..');
const REPORTS = path.join(PROJECT, 'node_modules', '.cache', 'test');
const BIN = path.join(PROJECT, 'node_modules', '.bin');
/** What a hundred test processes and their threads load is compiled once: a seventh of the time of the unit tests. */
const COMPILED = path.join(PROJECT, 'node_modules', '.cache', 'compiled');

type Count = { passed: number; failed: number; names?: string[] };
type Step = {
  name: string;
  command: string[];
  environment?: Record<string, string>;
  prepare?: () => unknown;
  count?: () => Count;
  needs?: string;
};

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(z.object({ assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })) })),
});
const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
});

function readReport<T>(file: string, schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(readFileSync(path.join(REPORTS, file), 'utf8')));
}

function vitest(name: string, projects: string[]): Step {
  const report = `vitest-${projects.join('-')}.json`;
  const chosen = projects.flatMap((project) => ['--project', project]);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${path.join(REPORTS, report)}`];
  return {
    name,
    command: ['vitest', 'run', '--config', 'tests/vitest.config.ts', ...chosen, ...reporters],
    count() {
      const { numPassedTests: passed, numFailedTests: failed, testResults } = readReport(report, vitestReport);
      const names = testResults
        .flatMap(({ assertionResults }) => assertionResults)
        .filter(({ status }) => status === 'failed')
        .map(({ fullName }) => fullName);
      return { passed, failed, names };
    },
  };
}

const steps: Step[] = [
  { name: '書式と規則', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: '型', command: ['tsc'] },
  { name: '使われていないコード', command: ['knip'] },
  { name: '記事の点検', command: ['node', 'scripts/content-check.ts'] },
  vitest('単体テスト', ['lib', 'components']),
  {
    name: '本番ビルド',
    command: ['node', 'scripts/build.ts'],
    environment: { DATA_DIR: path.join(REPORTS, 'test-data') },
  },
  {
    name: 'ブラウザーテスト',
    needs: '本番ビルド',
    command: ['playwright', 'test', '--config', 'tests/playwright.config.ts'],
    prepare: ensureChromium,
    count() {
      const { expected, unexpected, flaky } = readReport('playwright.json', playwrightReport).stats;
      return { passed: expected, failed: unexpected + flaky };
    },
  },
  { ...vitest('故障テスト', ['faults']), needs: '本番ビルド' },
  { ...vitest('時間を見る故障テスト', ['faults-timed']), needs: '本番ビルド' },
];

/** Runs one step and counts it. A step that fails without a failed test (a crash, no report) counts as one failure. */
function run(step: Step): Count {
  const started = performance.now();
  console.log(`\n▶ ${step.name}: ${step.command.join(' ')}`);
  let count: Count;
  try {
    step.prepare?.();
    const [command = '', ...parameters] = step.command;
    const result = spawnSync(command === 'node' ? process.execPath : path.join(BIN, command), parameters, {
      cwd: PROJECT,
      stdio: 'inherit',
      env: {
        NODE_COMPILE_CACHE: COMPILED,
        ...process.env,
        ...step.environment,
        NEXT_TELEMETRY_DISABLED: '1',
        FORCE_COLOR: '0',
      },
    });
    const succeeded = result.status === 0;
    count = step.count?.() ?? { passed: succeeded ? 1 : 0, failed: 0 };
    if (!succeeded && count.failed === 0) count.failed = 1;
    if (step.count && count.passed === 0) count.failed += 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    count = { passed: 0, failed: 1 };
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${count.failed === 0 ? '✔' : '✘'} ${step.name}: 成功 ${count.passed}、失敗 ${count.failed}（${seconds}秒）`,
  );
  return count;
}

rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });
const results = new Map<string, Count>();
for (const step of steps) {
  const missing = step.needs !== undefined && results.get(step.needs)?.failed !== 0;
  if (missing) console.log(`\n▶ ${step.name}: 「${step.needs}」が失敗したため実行できません`);
  results.set(step.name, missing ? { passed: 0, failed: 1 } : run(step));
}

console.log('');
for (const [name, { passed, failed, names = [] }] of results) {
  console.log(`${failed === 0 ? '✔' : '✘'} ${name}: 成功 ${passed}、失敗 ${failed}`);
  for (const test of names) console.log(`    ✘ ${test}`);
}
const total = [...results.values()].reduce((sum, count) => ({
  passed: sum.passed + count.passed,
  failed: sum.failed + count.failed,
}));
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
