import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { plantFaults } from '../support/planted-faults.ts';
import { writeCorpus } from './corpus.ts';
import { type Figure, median } from './figure.ts';
import { tidily } from './tidily.ts';

// What `npm run content:check` costs an editor with a large archive, and what it finds and does not find there.

const PROJECT = path.resolve(import.meta.dirname, '../..');
const MEMORY = path.join(PROJECT, 'node_modules/.cache/content-check');
const ARTICLES = 1000;
const ROUNDS = 5;
const FAULTS = 60;
const KINDS = 25;

export function measure(): Promise<Figure[]> {
  return tidily(async (afterwards) => {
    const corpus = writeCorpus(ARTICLES);
    afterwards(corpus.remove);
    const cold: Check[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      console.error(`editor: ${ARTICLES}本の点検 ${round}/${ROUNDS}`);
      rmSync(MEMORY, { recursive: true, force: true });
      cold.push(await check(corpus.folder));
    }
    const unchanged: Check[] = [];
    const saved: Check[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      unchanged.push(await check(corpus.folder));
      appendFileSync(path.join(corpus.folder, 'articles', `${corpus.slugs[round]}.mdx`), '\n足した文です。\n');
      saved.push(await check(corpus.folder));
    }
    const [clean] = cold;
    const shipped = await check(path.join(PROJECT, 'content'));
    console.error('editor: 間違いを植えた記事と、文章の点検');
    const planted = plantFaults(corpus.folder);
    const found = (await check(corpus.folder)).lines.map((line) => line.replace(`${corpus.folder}/`, ''));
    const missed = planted.filter(
      ({ at, says }) => !found.some((line) => line.startsWith(`${at}: `) && line.includes(says)),
    );
    const prose = await checkProse();

    const seconds = (checks: readonly Check[]) => median(checks.map((each) => each.seconds));
    const megabytes = Math.max(...[...cold, ...unchanged, ...saved].map((each) => each.megabytes));
    return [
      { id: 'editor.check.cold', value: seconds(cold), unit: 's', goal: { op: '<=', number: 5 } },
      { id: 'editor.check.unchanged', value: seconds(unchanged), unit: 's', goal: { op: '<=', number: 1 } },
      { id: 'editor.check.one-saved', value: seconds(saved), unit: 's' },
      { id: 'editor.check.memory', value: megabytes, unit: 'MB', goal: { op: '<=', number: 600 } },
      { id: 'editor.prose.one-article', value: prose.seconds, unit: 's' },
      { id: 'editor.prose.memory', value: prose.megabytes, unit: 'MB' },
      { id: 'editor.faults.planted', value: planted.length, unit: '件', goal: { op: '>=', number: FAULTS } },
      {
        id: 'editor.faults.kinds',
        value: new Set(planted.map(({ kind }) => kind)).size,
        unit: '種類',
        goal: { op: '>=', number: KINDS },
      },
      { id: 'editor.faults.missed', value: missed.length, unit: '件', goal: { op: '<=', number: 0 } },
      { id: 'editor.faults.false-shipped', value: shipped.lines.length, unit: '件', goal: { op: '<=', number: 0 } },
      { id: 'editor.faults.false-corpus', value: clean?.lines.length ?? 0, unit: '件', goal: { op: '<=', number: 0 } },
    ];
  });
}

type Check = { seconds: number; megabytes: number; lines: string[] };

/** Runs the command. `lines` are the faults that it names, without the warnings of old articles; the memory is its peak. */
async function check(folder: string, ...parameters: string[]): Promise<Check> {
  const started = performance.now();
  const child = spawn(process.execPath, ['scripts/content-check.ts', ...parameters], {
    cwd: PROJECT,
    env: { ...process.env, CONTENT_DIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = text(child.stdout);
  const exited = once(child, 'exit');
  let megabytes = 0;
  while (child.exitCode === null && child.signalCode === null) {
    megabytes = Math.max(megabytes, peakOf(child.pid));
    await Promise.race([exited, pause(20)]);
  }
  const seconds = (performance.now() - started) / 1000;
  if (child.exitCode === 2 || child.exitCode === null) throw new Error('content:check could not run');
  const lines = (await output).split('\n').slice(0, -2);
  return { seconds, megabytes, lines: lines.filter((line) => !line.includes(': 警告: ')) };
}

/** The most memory that a process has had so far. */
function peakOf(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    // It has ended between two looks.
    return 0;
  }
}

/** One shipped article on its own, its language included, as on saving it. */
async function checkProse(): Promise<Check> {
  const folder = mkdtempSync(path.join(tmpdir(), 'editor-prose-'));
  cpSync(path.join(PROJECT, 'content'), folder, { recursive: true });
  const checked = await check(folder, path.join(folder, 'articles/pmo-rates.mdx'));
  rmSync(folder, { recursive: true });
  return checked;
}
