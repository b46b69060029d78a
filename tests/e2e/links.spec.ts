import { expect } from 'playwright/test';
import { test } from './site.ts';

// Every address that a page of the site names, followed until nothing new comes: readers, crawlers and speculation
// rules do the same.

const ADDRESSES = /(?:href|src)="([^"]+)"|srcset="([^"]+)"/gi;

/** The addresses in `html`, as a browser at `base` reads them. */
function addressesIn(html: string, base: string): string[] {
  const written = Array.from(html.matchAll(ADDRESSES), ([, one, set]) =>
    set === undefined ? [one ?? ''] : set.split(',').map((candidate) => candidate.trim().split(/\s+/)[0] ?? ''),
  );
  return written.flat().map((address) => new URL(address.replaceAll('&amp;', '&'), base).href);
}

test('サイトの中のどのリンク、画像、見出しへの行き先も、たどればそのまま開く', async ({ site }) => {
  const waiting = new Map([[`${site.url}/`, 'はじめ']]);
  const ids = new Map<string, ReadonlySet<string>>();
  const fragments = new Map<string, string>();
  const broken: string[] = [];
  for (const [address, namedBy] of waiting) {
    const answer = await fetch(address, { redirect: 'manual' });
    const isPage = answer.headers.get('content-type')?.startsWith('text/html') ?? false;
    if (answer.status !== 200) broken.push(`${namedBy} → ${address}: ${answer.status}`);
    const text = await answer.text();
    if (!isPage) continue;
    ids.set(address, new Set(Array.from(text.matchAll(/ id="([^"]+)"/g), ([, id = '']) => id)));
    for (const named of addressesIn(text, address)) {
      const { origin, hash } = new URL(named);
      const page = named.slice(0, named.length - hash.length);
      // The site names itself by its public address too, in feeds and canonical links.
      if (origin !== site.url || /^(?:mailto|tel):/.test(named)) continue;
      if (hash !== '') fragments.set(named, address);
      if (!waiting.has(page)) waiting.set(page, address);
    }
  }
  for (const [named, namedBy] of fragments) {
    const { hash } = new URL(named);
    const id = decodeURIComponent(hash.slice(1));
    if (!ids.get(named.slice(0, named.length - hash.length))?.has(id)) broken.push(`${namedBy} → ${named}: 行き先なし`);
  }
  expect(broken).toEqual([]);
  console.log(`リンク: ${ids.size}ページ、${waiting.size}の住所、${fragments.size}の見出しへの行き先`);
  expect(ids.size).toBeGreaterThan(40);
});
