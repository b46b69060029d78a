import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { checkContent } from '#lib/articles/check.ts';
import { faultLine } from '#lib/articles/schema.ts';
import { type Planted, plantFaults } from '../../support/planted-faults.ts';

const root = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'planted-')), 'content');
fs.cpSync('content', root, { recursive: true });
const planted = plantFaults(root);
let found: string[];

beforeAll(async () => {
  const checked = await checkContent(root, new Date('2026-11-22T12:00:00+09:00'));
  fs.rmSync(path.dirname(root), { recursive: true, force: true });
  if (checked.status === 'unreadable') throw new Error(checked.fault.message);
  found = checked.faults.map((fault) => faultLine(fault).replace(`${root}/`, ''));
});

test('60個以上、25種類以上の間違いを植えてある', () => {
  expect(planted.length).toBeGreaterThanOrEqual(60);
  expect(new Set(planted.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(25);
});

test.each(planted.map((each) => [each.kind, each.at, each.says, each] satisfies [string, string, string, Planted]))(
  '「%s」の間違いは、%sで「%s」と、直し方を添えて示される',
  (_kind, _at, _says, { at, says }) => {
    const [file = ''] = at.split(/:\d+:\d+$/);
    const here = found.filter((line) => line.startsWith(`${file}:`));
    expect(here).toEqual([expect.stringContaining(`${at}: `)]);
    expect(here[0]).toContain(says);
    expect(here[0]).toMatch(/（.+）$/);
  },
);

test('植えていないところでは、何も言わない', () => {
  const files = planted.map(({ at }) => at.replace(/\d+:\d+$/, ''));
  expect(found.filter((line) => !files.some((file) => line.startsWith(file)))).toEqual([]);
});
