import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Model, takeApart } from './page-parts.ts';
import { writePeerContent } from './peer-content.ts';

// The static site generators that the benches measure beside this site: same articles, same elements, same styles.

const PEERS = path.join(import.meta.dirname, 'peers');
const SCRIPTS = { astro: 'astro/bin/astro.mjs', eleventy: '@11ty/eleventy/cmd.cjs' } as const;

type PeerSite = {
  /** Builds from nothing, caches included. @returns seconds. */
  build(options?: { styles?: 'auto' | 'always' }): number;
  /** Where the built files lie. */
  output: string;
  remove(): void;
};

/**
 * Readies a peer for the articles of `contentDir`: installs it from its lockfile on first use and gives it the content
 * in a temporary folder, with styles, header, footer and the like from `model`.
 */
export function preparePeer(
  name: keyof typeof SCRIPTS,
  { contentDir, model }: { contentDir: string; model: Model },
): PeerSite {
  const home = path.join(PEERS, name);
  const work = mkdtempSync(path.join(tmpdir(), `${name}-`));
  const output = path.join(work, 'dist');
  installPeer(home);
  const { css, pieces } = takeApart(model);
  writeFileSync(path.join(work, 'site.css'), css);
  writeFileSync(path.join(work, 'pieces.json'), JSON.stringify(pieces));
  writePeerContent(contentDir, path.join(work, 'content'));
  return {
    output,
    build({ styles = 'auto' } = {}) {
      for (const made of [output, path.join(work, 'cache'), path.join(home, '.astro')]) {
        rmSync(made, { recursive: true, force: true });
      }
      const started = performance.now();
      runIn(
        home,
        process.execPath,
        [path.join(home, 'node_modules', SCRIPTS[name]), ...(name === 'astro' ? ['build'] : [])],
        {
          PEER_WORK: work,
          PEER_STYLES: styles,
          ASTRO_TELEMETRY_DISABLED: '1',
        },
      );
      return (performance.now() - started) / 1000;
    },
    remove: () => rmSync(work, { recursive: true, force: true }),
  };
}

/** Installs what a peer's lockfile says, unless that was done. */
export function installPeer(home: string): void {
  if (existsSync(path.join(home, 'node_modules'))) return;
  console.error(`${path.basename(home)}: npm ci`);
  runIn(home, 'npm', ['ci', '--include=dev'], {});
}

/** Runs a command to its end. @throws with the end of its output when it fails. */
export function runIn(cwd: string, command: string, parameters: string[], environment: Record<string, string>): void {
  const result = spawnSync(command, parameters, {
    cwd,
    env: { ...process.env, NODE_ENV: 'production', ...environment },
    encoding: 'utf8',
    maxBuffer: 256 * 2 ** 20,
  });
  if (result.status !== 0) {
    throw new Error(`${command} ${parameters.join(' ')}: ${(result.stdout + result.stderr).slice(-2000)}`);
  }
}

/** A page of a built peer with the style sheets that it links or holds. */
export function readPeerPage(output: string, file: string): { html: string; css: string } {
  const html = readFileSync(path.join(output, file), 'utf8');
  const linked = [...html.matchAll(/<link\b[^>]*\brel="stylesheet"[^>]*>/g)].map(
    ([link]) => /\bhref="([^"]+)"/.exec(link)?.[1] ?? '',
  );
  return { html, css: linked.map((href) => readFileSync(path.join(output, href), 'utf8')).join('\n') };
}
