import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

// A process of its own: collecting in the tests' process would say nothing of one that serves.

function run(work: string): { event: string; megabytes: number }[] {
  const script = `
    import { giveBackWhenQuiet } from '#lib/give-back.ts';
    import { setTimeout as pause } from 'node:timers/promises';
    let held = [];
    giveBackWhenQuiet(300, 200);
    await pause(10);
    ${work}
  `;
  const flags = ['--expose-gc', '--input-type=module', '--eval', script];
  const output = execFileSync(process.execPath, flags, { encoding: 'utf8', env: process.env });
  return output
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Work of half a second that leaves 60 MB behind. */
const FILL =
  'for (const until = Date.now() + 500; Date.now() < until; ); for (let i = 0; i < 600_000; i += 1) held.push({ text: String(i), list: [i, i, i, i] });';

test('忙しさが去ると、要らなくなったメモリーを1度だけ返し、それを記録に書く', () => {
  const said = run(`${FILL} held = []; await pause(3000);`);
  expect(said).toEqual([expect.objectContaining({ event: 'memory.returned', megabytes: expect.any(Number) })]);
  expect(said[0]?.megabytes).toBeGreaterThan(32);
});

test('忙しいうちは、応答を止めてまで返さない', () => {
  const busy =
    'const until = Date.now() + 1500; while (Date.now() < until) { for (let t = Date.now() + 5; Date.now() < t;); await pause(1); }';
  expect(run(`${FILL} held = []; ${busy}`)).toEqual([]);
});

test('働いていなければ何もしない', () => {
  expect(run('await pause(1000);')).toEqual([]);
});
