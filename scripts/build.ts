import '#lib/mode.ts';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EnvError, readEnv } from '#lib/env.ts';
import { secrets } from '#lib/secrets.ts';

// `npm run build`, and the first half of `npm start`.

const PROJECT = path.resolve(import.meta.dirname, '..');
const STAMP = path.join(PROJECT, '.next', 'built-from');
/** What Turbopack keeps from one build for the next, where next.config.mjs finds it. */
const KEPT = path.join(PROJECT, '.next', 'cache', 'turbopack');
const CODE = [
  'app/**',
  'components/**',
  'lib/**',
  'next.config.mjs',
  'postcss.config.mjs',
  'package-lock.json',
  'tsconfig.json',
];

/** The key that keeps action ids the same from build to build: configured, or made once and kept in DATA_DIR. */
function actionsKey(): string {
  const env = readEnv();
  return secrets(env.dataDir, env.actionsKey).actionsKey;
}

/** A digest of everything that a build is made from; the articles are not part of it. */
function codeDigest(key: string): string {
  const digest = createHash('sha256').update(key);
  const files = globSync(CODE, { cwd: PROJECT, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const file of files.map((entry) => path.join(entry.parentPath, entry.name)).sort()) {
    digest.update(path.relative(PROJECT, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return digest.digest('hex');
}

function stamp(): string | undefined {
  try {
    return readFileSync(STAMP, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Builds the site when there is no build or it is older than the code; unless `force`d it is taken that the site runs
 * here and will be built here again, so that the builder's cache is begun.
 * @returns the exit code of the build; 0 when nothing had to be done.
 */
export function buildIfNeeded({ force }: { force: boolean }): number {
  const key = actionsKey();
  const digest = codeDigest(key);
  if (!force && stamp() === digest) return 0;
  // A build that fails leaves `.next` in pieces: it must not pass for the build of any code.
  rmSync(STAMP, { force: true });
  if (!force) mkdirSync(KEPT, { recursive: true });
  console.log('サイトをビルドしています（記事の数には左右されません）…');
  const next = path.join(PROJECT, 'node_modules', 'next', 'dist', 'bin', 'next');
  const build = spawnSync(process.execPath, [next, 'build'], {
    cwd: PROJECT,
    stdio: 'inherit',
    env: { ...process.env, NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: key },
  });
  if (build.status !== 0) return build.status ?? 1;
  writeFileSync(STAMP, digest);
  return 0;
}

if (import.meta.main) {
  try {
    process.exitCode = buildIfNeeded({ force: true });
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
