import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const PROJECT = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(PROJECT, file), 'utf8');

const locked = z.object({
  version: z.string().optional(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  hasInstallScript: z.boolean().optional(),
  link: z.boolean().optional(),
});
const { packages } = z.object({ packages: z.record(z.string(), locked) }).parse(JSON.parse(read('package-lock.json')));
const project = z
  .object({
    allowScripts: z.record(z.string(), z.boolean()),
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(read('package.json')));

const nameOf = (place: string): string => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** The floors, from the table that also says why. */
const floors = [
  ...read('docs/decisions/0016-hold-the-supply-chain.md').matchAll(/^\| ([a-z-]+) \| (\d+\.\d+\.\d+) \| /gm),
].map(([, name = '', floor = '']) => [name, floor] as const);

/** Whether a version is at or above a floor; one that is marked as before a release is below it. */
function reaches(version: string, floor: string): boolean {
  const [numbers = '', ...before] = version.split('-');
  const [has, wants] = [numbers, floor].map((text) => text.split('.').map(Number));
  const first = wants?.findIndex((part, index) => part !== has?.[index]) ?? -1;
  return first === -1 ? before.length === 0 : (has?.[first] ?? 0) > (wants?.[first] ?? 0);
}

test.each([
  ['16.4.3', true],
  ['16.4.10', true],
  ['17.0.0', true],
  ['16.4.2', false],
  ['16.3.99', false],
  ['15.9.9', false],
  ['16.4.3-canary.1', false],
])('下限16.4.3に対して%sは%s', (version, expected) => {
  expect(reaches(version, '16.4.3')).toBe(expected);
});

test('下限を決めたパッケージが、決定の記録にそろっている', () => {
  expect(floors.map(([name]) => name)).toEqual(
    expect.arrayContaining(['next', 'react', 'react-dom', 'nodemailer', 'sharp', 'mdast-util-to-hast']),
  );
});

test.each(floors)('%sは、公表された修正の入った%s以上だけが入っている（ほかのパッケージの中でも）', (name, floor) => {
  const places = Object.keys(packages).filter((place) => place !== '' && nameOf(place) === name);
  expect(places).not.toEqual([]);
  for (const place of places) {
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(read(`${place}/package.json`)));
    expect([place, version]).toEqual([place, packages[place]?.version]);
    expect([place, reaches(version, floor)]).toEqual([place, true]);
  }
});

test('入れるときにコードを動かすのは、名前を挙げたnodeだけ', () => {
  const withScript = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
  const unnamed = withScript.map(([place]) => nameOf(place)).filter((name) => !(name in project.allowScripts));
  expect(unnamed).toEqual([]);
  const allowed = Object.entries(project.allowScripts).flatMap(([name, isAllowed]) => (isAllowed ? [name] : []));
  expect(allowed).toEqual(['node']);
});

test('入っているパッケージも、名前を挙げたもののほかは、入れるときのコードを持たない', () => {
  const manifest = z.object({ scripts: z.record(z.string(), z.unknown()).optional(), gypfile: z.unknown().optional() });
  const found = globSync('node_modules/**/package.json', { cwd: PROJECT })
    // A package stands directly in a `node_modules`, or in a scope there; deeper ones are its own parts.
    .filter((file) => /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(file))
    .flatMap((file) => {
      const { scripts = {}, gypfile } = manifest.parse(JSON.parse(read(file)));
      const runs = ['preinstall', 'install', 'postinstall'].some((name) => name in scripts);
      // npm builds whatever has a binding.gyp, asked or not.
      const builds = gypfile !== false && existsSync(path.join(PROJECT, path.dirname(file), 'binding.gyp'));
      return runs || builds ? [nameOf(path.dirname(file))] : [];
    });
  expect(found.filter((name) => !(name in project.allowScripts))).toEqual([]);
  expect(found).toContain('node');
});

test('版は1つに決まり、公の登録所のものだけで、名指しの組み込み用のほかは中身の照合がある', () => {
  const versions = Object.entries({ ...project.dependencies, ...project.devDependencies });
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))).toEqual([]);
  const entries = Object.entries(packages).filter(([place]) => place !== '');
  expect(entries.filter(([, { resolved, link }]) => link || (resolved && !resolved.startsWith('https://')))).toEqual(
    [],
  );
  const unchecked = entries.filter(([, { integrity }]) => integrity === undefined).map(([place]) => nameOf(place));
  // Native builds for other systems, which were not to be had where the lockfile was written (0001).
  expect(
    unchecked.filter(
      (name) => !/(?:darwin|linux|win32|windows|freebsd|openbsd|netbsd|android|wasm|aix|sunos|openharmony)/.test(name),
    ),
  ).toEqual([]);
});
