import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { secrets } from '#lib/secrets.ts';

const run = promisify(execFile);

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

test('8つのプロセスが同時に起動しても、全員が同じ鍵を使う', async () => {
  const dataDir = await folder();
  const script = `import { secrets } from '#lib/secrets.ts'; console.log(secrets(${JSON.stringify(dataDir)}).actionsKey)`;
  const keys = await Promise.all(
    Array.from({ length: 8 }, () => run(process.execPath, ['--input-type=module', '-e', script])),
  );
  expect(new Set(keys.map(({ stdout }) => stdout.trim())).size).toBe(1);
  expect(keys[0]?.stdout.trim()).toBe(secrets(dataDir).actionsKey);
}, 30_000);

test('壊れた鍵のファイルは、黙って作り直さずに言う', async () => {
  const dataDir = await folder();
  secrets(dataDir);
  await writeFile(path.join(dataDir, 'actions.key'), 'short');
  expect(() => secrets(dataDir)).toThrow(/actions\.key.*32バイト/);
});
