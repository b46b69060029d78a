import fs from 'node:fs';
import path from 'node:path';
import { openMemory } from '#lib/articles/check-memory.ts';
import { type Fault, faultLine } from '#lib/articles/schema.ts';
import { byPlace } from '#lib/articles/stock.ts';
import { EnvError, readEnv } from '#lib/env.ts';

// npm run content:check [-- --fix --prose] [PATH…]: every fault of the content folder, or of the files and folders
// named, one a line. `--fix` first mends what is safe to mend. `--prose` reads the language too, which takes seconds; so
// do paths, the files that somebody is at work on.

const MEMORY = path.resolve(import.meta.dirname, '../node_modules/.cache/content-check');
const OPTIONS = ['--fix', '--prose'];

async function main(parameters: readonly string[]): Promise<number> {
  const options = parameters.filter((each) => each.startsWith('--'));
  const paths = parameters.filter((each) => !each.startsWith('--'));
  const unknown = options.filter((each) => !OPTIONS.includes(each));
  const missing = paths.filter((each) => !fs.existsSync(each));
  for (const each of unknown) console.error(`${each}: 使えない指定です（使えるもの: ${OPTIONS.join('、')}）`);
  for (const each of missing) console.error(`${each}: 見つかりません（ファイルかフォルダーの場所を書きます）`);
  if (unknown.length + missing.length > 0) return 2;

  const { contentDir } = readEnv();
  const wanted = paths.map((each) => path.resolve(each));
  const isWanted = (file: string) => wanted.length === 0 || wanted.some(holds(path.resolve(file)));
  if (options.includes('--fix')) {
    const { fixContent } = await import('#lib/articles/fix.ts');
    for (const mended of await fixContent(contentDir, isWanted)) console.log(`直しました ${faultLine(mended)}`);
  }
  const memory = openMemory(contentDir, MEMORY);
  const now = new Date();
  const known = memory.recall(now);
  // Loaded where there is something to do: the parsers take as long to load as all the rest of an unchanged check.
  const checked = known
    ? { status: 'checked' as const, ...known }
    : await (await import('#lib/articles/check.ts')).checkContent(contentDir, now, undefined, memory);
  if (checked.status === 'unreadable') {
    console.error(faultLine(checked.fault));
    return 2;
  }
  const faults = checked.faults.filter(({ path: file }) => isWanted(file));
  if (options.includes('--prose') || paths.length > 0) {
    const { proofread } = await import('#lib/articles/prose/proofread.ts');
    faults.push(...(await proofread(contentDir, isWanted)));
  }
  return report(faults.sort(byPlace), checked.articles);
}

/** Prints the faults and, last, how many there are. @returns the exit code: warnings alone do not fail. */
function report(found: readonly Fault[], articles: number): number {
  for (const fault of found) console.log(faultLine(fault));
  const warnings = found.filter(({ severity }) => severity === 'warning').length;
  const faults = found.length - warnings;
  const besides = warnings === 0 ? '' : `。ほかに警告が${warnings}件あります`;
  console.log(
    faults === 0 ? `問題はありません（記事${articles}件）${besides}` : `${faults}件の問題があります${besides}`,
  );
  return faults === 0 ? 0 : 1;
}

const holds = (file: string) => (wanted: string) => file === wanted || file.startsWith(wanted + path.sep);

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof EnvError)) console.error('内容を確認できませんでした', error);
  else console.error(error.message);
  process.exitCode = 2;
}
