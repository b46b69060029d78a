import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '../support/running-site.ts';
import { runIn } from './peers.ts';

// The same pages from Next alone: rendered ahead by its build, which is the fastest that it can serve them.

const PROJECT = path.resolve(import.meta.dirname, '../..');
const PEER = path.join(import.meta.dirname, 'peers', 'stock-next');
const NEXT = path.join(PROJECT, 'node_modules/next/dist/bin/next');
const SAME = ['lib', 'components', 'public', 'postcss.config.mjs', 'tsconfig.json', 'app/layout.tsx', 'app/*.css'];
const ARTICLE_PAGE = 'app/articles/[slug]/page.tsx';
/** Named one by one: a glob reads `[slug]` as a set of letters. */
const ARTICLE_FILES = [ARTICLE_PAGE, 'app/articles/[slug]/gone-page.tsx', 'app/article-sheet.tsx'];

/** Copies layout and article page, builds them as static pages and starts `next start`. */
export async function startStockNext(): Promise<{ url: string; pid: number | undefined; stop(): Promise<void> }> {
  const copied = [...globSync(SAME, { cwd: PROJECT }), ...ARTICLE_FILES];
  for (const file of copied) {
    rmSync(path.join(PEER, file), { recursive: true, force: true });
    cpSync(path.join(PROJECT, file), path.join(PEER, file), { recursive: true });
  }
  change('app/layout.tsx', "dynamic = 'force-dynamic'", "dynamic = 'force-static'");
  change(
    ARTICLE_PAGE,
    'export default',
    'export const generateStaticParams = () => catalog().snapshot(new Date()).visible.map(({ slug }) => ({ slug }));\n\nexport default',
  );
  const environment = { CONTENT_DIR: path.join(PROJECT, 'content'), NEXT_TELEMETRY_DISABLED: '1' };
  runIn(PEER, process.execPath, [NEXT, 'build'], environment);
  const port = await freePort();
  const child = spawn(process.execPath, [NEXT, 'start', '-p', String(port), '-H', '127.0.0.1'], {
    cwd: PEER,
    env: { ...process.env, NODE_ENV: 'production', ...environment },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  const ended = once(child, 'exit');
  while ((await fetch(url).catch(() => undefined)) === undefined) {
    if (await Promise.race([ended, new Promise<undefined>((wake) => setTimeout(wake, 100))])) {
      throw new Error('stock Next ended before it answered');
    }
  }
  return {
    url,
    pid: child.pid,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill();
        await ended;
      }
      for (const made of [...copied, 'app', '.next', 'next-env.d.ts']) {
        rmSync(path.join(PEER, made), { recursive: true, force: true });
      }
    },
  };
}

/** Replaces what makes the pages dynamic. @throws when it does not stand there any more. */
function change(file: string, from: string, to: string): void {
  const before = readFileSync(path.join(PEER, file), 'utf8');
  if (!before.includes(from)) throw new Error(`${file} has no ${from}`);
  writeFileSync(
    path.join(PEER, file),
    before.replace(from, () => to),
  );
}
