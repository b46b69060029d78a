import '#server-only';
import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { perProcess } from '#lib/per-process.ts';

/** A file that pages refer to; `revision` changes with its content. */
export type StaticFile = { type: string; immutable: boolean; revision: string; read: () => Promise<Buffer> };

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.speculationrules': 'application/speculationrules+json',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};

/**
 * Finds the file behind `/_next/static/…` (content-hashed names: may be kept for ever) or in `public/`. The path is
 * already decoded and has no `..` (lib/guard.ts). Undefined when there is none, or no type for it.
 */
export async function findFile(projectDir: string, pathname: string): Promise<StaticFile | undefined> {
  const immutable = pathname.startsWith('/_next/static/');
  const file = immutable
    ? path.join(projectDir, '.next', pathname.slice('/_next/'.length))
    : path.join(projectDir, 'public', pathname);
  const type = TYPES[path.extname(file)];
  if (!type || path.basename(file).startsWith('.')) return undefined;
  const found = await stat(file).catch(notThere);
  if (!found?.isFile()) return undefined;
  return { type, immutable, revision: `${found.mtimeMs} ${found.size}`, read: () => readFile(file) };
}

function notThere(error: unknown): undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined;
  throw error;
}

/** A style sheet of the build by its address, read once: their names change with their content. */
export function readStyleSheet(projectDir: string, href: string): string | undefined {
  if (!/^\/_next\/static\/[\w./-]+\.css$/.test(href) || href.includes('..')) return undefined;
  const kept = perProcess('style-sheets', () => new Map<string, string>());
  const css = kept.get(href) ?? readFileSync(path.join(projectDir, '.next', href.slice('/_next/'.length)), 'utf8');
  kept.set(href, css);
  return css;
}
