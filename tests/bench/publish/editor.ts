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
