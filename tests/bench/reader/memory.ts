import { setTimeout as pause } from 'node:timers/promises';
import { PAGE_CACHE_BYTES } from '#lib/reader/reader.ts';
import { runSite } from '../../support/running-site.ts';
import { writeCorpus } from '../corpus.ts';
import type { Figure } from '../figure.ts';
import { tidily } from '../tidily.ts';
import { residentMegabytes } from '../tools.ts';

const PAGES = 10_000;
const CACHE_MEGABYTES = PAGE_CACHE_BYTES / 2 ** 20;
const READERS = 8;
/** Memory is given back after ten to twenty seconds without work (lib/give-back.ts). */
const QUIET_MS = 30_000;

/**
 * Resident memory of the server after every one of 10,000 articles was read, right then and half a minute later, against
 * 1.3 x an empty start and the bound of the cache. One run: a median would take ten minutes, and memory varies little.
 */
export function measureMemory(): Promise<Figure[]> {
  return tidily(async (afterwards) => {
    const [none, many] = [writeCorpus(0), writeCorpus(PAGES)];
    afterwards(none.remove);
    afterwards(many.remove);
    const empty = await runSite({ CONTENT_DIR: none.folder });
    afterwards(empty.remove);
    await fetch(empty.url);
    const emptyStart = residentMegabytes(empty.process.pid);
    await empty.stop();

    const site = await runSite({ CONTENT_DIR: many.folder });
    afterwards(site.remove);
    const waiting = [...many.slugs];
    async function reader(): Promise<void> {
      for (let slug = waiting.pop(); slug !== undefined; slug = waiting.pop()) {
        const answer = await fetch(`${site.url}/articles/${slug}`, { headers: { 'accept-encoding': 'br' } });
        if (answer.status !== 200) throw new Error(`${slug}: ${answer.status}`);
        await answer.arrayBuffer();
        if (waiting.length % 2_000 === 0) console.error(`reader: 読むページの残り ${waiting.length}`);
      }
    }
    await Promise.all(Array.from({ length: READERS }, reader));
    const busy = residentMegabytes(site.process.pid);
    await pause(QUIET_MS);
    return [
      { id: 'reader.memory-empty-start', value: emptyStart, unit: 'MB' },
      { id: 'reader.memory-while-reading-10000-pages', value: busy, unit: 'MB' },
      {
        id: 'reader.memory-after-10000-pages',
        value: residentMegabytes(site.process.pid),
        unit: 'MB',
        goal: { op: '<=', number: Math.round(1.3 * emptyStart + CACHE_MEGABYTES) },
      },
    ];
  });
}
