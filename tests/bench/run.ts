import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, release, totalmem } from 'node:os';
import path from 'node:path';
import { buildIfNeeded } from '#scripts/build.ts';
import type { Figure } from './figure.ts';

// `npm run bench [NAME…]`: measures side by side with peers in one run. One line a figure:
// `BENCH id value unit goal OP number ok|miss`. Machines are noisy: only ratios within one run mean something.

const HERE = import.meta.dirname;
const known = globSync('*.bench.ts', { cwd: HERE }).map((file) => path.basename(file, '.bench.ts'));
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`知らない測定です: ${unknown.join(' ')}（あるもの: ${known.join(' ')}）`);
  process.exit(2);
}

// What is measured is this code, never an older build of it.
if (buildIfNeeded({ force: false }) !== 0) process.exit(2);

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: HERE, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${process.platform} ${release()} ${arch()}`,
  node: process.version,
};

function line({ id, value, unit, goal }: Figure): string {
  const wanted = goal ? `goal ${goal.op} ${goal.number} ${meets(value, goal) ? 'ok' : 'miss'}` : 'goal - - ok';
  return `BENCH ${id} ${Number(value.toPrecision(4))} ${unit} ${wanted}`;
}

function meets(value: number, goal: NonNullable<Figure['goal']>): boolean {
  return goal.op === '>=' ? value >= goal.number : value <= goal.number;
}

for (const name of asked.length > 0 ? asked : known) {
  const file = path.join(HERE, `${name}.bench.ts`);
  if (!existsSync(file)) continue;
  const { measure }: { measure: () => Promise<Figure[]> } = await import(file);
  try {
    const figures = await measure();
    for (const figure of figures) console.log(line(figure));
    mkdirSync(path.join(HERE, 'results'), { recursive: true });
    const result = { measuredAt: new Date().toISOString(), commit: commit(), machine, figures: figures.map(line) };
    writeFileSync(path.join(HERE, 'results', `${name}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
  } catch (error) {
    console.error(`「${name}」は測定できませんでした:`, error);
    process.exit(2);
  }
}
