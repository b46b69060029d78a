import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { secrets } from '#lib/secrets.ts';

async function folder() {
  const made = await mkdtemp(path.join(tmpdir(), 'secrets-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return path.join(made, 'data');
}

test('鍵は一度だけ作られ、持ち主だけが読め、あとは同じものが返る', async () => {
  const dataDir = await folder();
  const first = secrets(dataDir);
  expect(Buffer.from(first.actionsKey, 'base64')).toHaveLength(32);
  expect(Buffer.from(first.signingKey, 'base64')).toHaveLength(32);
  expect(first.signingKey).not.toBe(first.actionsKey);
  expect(secrets(dataDir)).toEqual(first);
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  expect(await readdir(dataDir)).toEqual(['actions.key']);
  expect((await stat(path.join(dataDir, 'actions.key'))).mode & 0o777).toBe(0o600);
  expect(secrets(await folder())).not.toEqual(first);
});

test('同じ鍵を環境変数で渡された別の機械でも、署名の鍵は同じになり、ファイルは作られない', async () => {
  const { actionsKey, signingKey } = secrets(await folder());
  const other = await folder();
  expect(secrets(other, actionsKey)).toEqual({ actionsKey, signingKey });
  await expect(stat(other)).rejects.toThrow('ENOENT');
});

test('4つのプロセスが同時に起動しても、全員が同じ鍵を使う', async () => {
  const dataDir = await folder();
  // Each makes the secrets of 30 sites in the same order, all from the same moment on: they meet at most of them.
  const script = `
    import { existsSync } from 'node:fs';
    import { secrets } from '#lib/secrets.ts';
    console.log('ready');
    while (!existsSync(${JSON.stringify(`${dataDir}-go`)}));
    for (let site = 0; site < 30; site += 1) console.log(secrets(${JSON.stringify(dataDir)} + site).actionsKey);`;
  const processes = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  const printed = processes.map(({ stdout }) => text(stdout));
  await Promise.all(processes.map(({ stdout }) => once(stdout, 'data')));
  await writeFile(`${dataDir}-go`, '');
  const keys = await Promise.all(printed);
  expect(new Set(keys).size).toBe(1);
  expect(new Set(keys[0]?.trim().split('\n')).size).toBe(31);
}, 30_000);

test('壊れた鍵のファイルは、黙って作り直さずに言う', async () => {
  const dataDir = await folder();
  secrets(dataDir);
  await writeFile(path.join(dataDir, 'actions.key'), 'short');
  expect(() => secrets(dataDir)).toThrow(/actions\.key.*32バイト/);
});
