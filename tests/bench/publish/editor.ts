import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import path from 'node:path';
import type { Corpus } from '../corpus.ts';

const POLL_MS = 2;
const PATIENCE_MS = 30_000;

/**
 * Saves an article as editors' programs do (written aside, renamed) with a sentence that stood nowhere before, and
 * waits until its page has it. @returns milliseconds from the save to the last byte of that page.
 */
export async function saveAndWait(origin: string, corpus: Corpus, slug: string, number: number): Promise<number> {
  const sentence = `${number}回目の手直しで加えた文です。`;
  const saved = save(corpus, slug, sentence);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    while (!(await read(`${origin}/articles/${slug}`, agent)).includes(sentence)) {
      if (performance.now() - saved > PATIENCE_MS) throw new Error(`${slug} does not show what was saved`);
      await new Promise((wake) => setTimeout(wake, POLL_MS));
    }
    return performance.now() - saved;
  } finally {
    agent.destroy();
  }
}

/** Where a new title must show beside the article's own page: what a reader, a searcher and a machine look at. */
const ELSEWHERE = ['/', '/articles', '/search?q=', '/feed.xml', '/sitemap.xml'] as const;

/**
 * Gives the newest article another title and date of change, and waits until the page, the lists, the search, the feed
 * and the sitemap all show it. @returns milliseconds from the save to the last of them.
 */
export async function retitleAndWait(origin: string, corpus: Corpus, number: number): Promise<number> {
  const slug = await newestSlug(origin);
  const title = `全体に届く題${number}号`;
  const changed = `2026-01-0${number}`;
  const file = path.join(corpus.folder, 'articles', `${slug}.mdx`);
  const text = readFileSync(file, 'utf8').replace(/^updatedAt:.*\n/m, '');
  const withTitle = text.replace(/^title:.*$/m, `title: ${title}\nupdatedAt: ${changed}`);
  writeFileSync(`${file}.tmp`, withTitle);
  const saved = performance.now();
  renameSync(`${file}.tmp`, file);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const plain = (html: string): string => html.replaceAll(/<(?:wbr|\/?mark)[^>]*>/g, '');
  try {
    for (const place of [`/articles/${slug}`, ...ELSEWHERE]) {
      const url = origin + (place.endsWith('=') ? place + encodeURIComponent(title) : place);
      const sought = place === '/sitemap.xml' ? new Date(`${changed}T00:00+09:00`).toISOString() : title;
      while (!plain(await read(url, agent)).includes(sought)) {
        if (performance.now() - saved > PATIENCE_MS) throw new Error(`${place} does not show what was saved`);
        await new Promise((wake) => setTimeout(wake, POLL_MS));
      }
    }
    return performance.now() - saved;
  } finally {
    agent.destroy();
  }
}

/** The article at the head of the feed: the lists' first pages show it too. */
async function newestSlug(origin: string): Promise<string> {
  const feed = await (await fetch(`${origin}/feed.xml`)).text();
  const slug = /<entry>[\s\S]*?\/articles\/([a-z0-9-]+)/.exec(feed)?.[1];
  if (slug === undefined) throw new Error('the feed has no entry');
  return slug;
}

/** Saves an article with one more sentence in its opening. @returns when. */
export function save(corpus: Corpus, slug: string, sentence: string): number {
  const file = path.join(corpus.folder, 'articles', `${slug}.mdx`);
  writeFileSync(`${file}.tmp`, readFileSync(file, 'utf8').replace(/^## /m, `${sentence}\n\n## `));
  const saved = performance.now();
  renameSync(`${file}.tmp`, file);
  return saved;
}

function read(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve(Buffer.concat(chunks).toString()));
    });
    sent.on('error', reject);
    sent.end();
  });
}
