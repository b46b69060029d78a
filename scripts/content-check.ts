import fs from 'node:fs';
import path from 'node:path';
import { openMemory } from '#lib/articles/check-memory.ts';
import { faultLine } from '#lib/articles/schema.ts';
import { EnvError, readEnv } from '#lib/env.ts';

// npm run content:check [PATH…]: every fault of the content folder, or of the files and folders named, one a line.

const MEMORY = path.resolve(import.meta.dirname, '../node_modules/.cache/content-check');

async function main(paths: readonly string[]): Promise<number> {
  const missing = paths.filter((each) => !fs.existsSync(each));
  if (missing.length > 0) {
    for (const each of missing) console.error(`${each}: 見つかりません（ファイルかフォルダーの場所を書きます）`);
    return 2;
  }
  const { contentDir } = readEnv();
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
  const wanted = paths.map((each) => path.resolve(each));
  const faults = checked.faults.filter(
    ({ path: file }) => wanted.length === 0 || wanted.some(holds(path.resolve(file))),
  );
  for (const fault of faults) console.log(faultLine(fault));
  const warnings = faults.filter(({ severity }) => severity === 'warning').length;
  const count = faults.length - warnings;
  const besides = warnings === 0 ? '' : `。ほかに警告が${warnings}件あります`;
  console.log(
    count === 0 ? `問題はありません（記事${checked.articles}件）${besides}` : `${count}件の問題があります${besides}`,
  );
  return count === 0 ? 0 : 1;
}

const holds = (file: string) => (wanted: string) => file === wanted || file.startsWith(wanted + path.sep);

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof EnvError)) console.error('内容を確認できませんでした', error);
  else console.error(error.message);
  process.exitCode = 2;
}
