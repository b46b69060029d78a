import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright';
import { type RunningSite, runSite } from './running-site.ts';

/** The site as `npm run dev` runs it, on the articles of `content`. */
export function runDesk(content: string): Promise<RunningSite> {
  return runSite({ CONTENT_DIR: content, NODE_ENV: 'development' }, undefined, ['server.ts', '--dev']);
}

/** Saves an article as editors' programs do, written aside and renamed. */
export function saveArticle(content: string, slug: string, change: (text: string) => string): void {
  const file = path.join(content, 'articles', `${slug}.mdx`);
  writeFileSync(`${file}.tmp`, change(readFileSync(file, 'utf8')));
  renameSync(`${file}.tmp`, file);
}

/**
 * Saves an article with another sentence in its opening, and waits until it stands in the first frame of the desk that is
 * open in `page`. @returns milliseconds from the save to the first frame that the browser has drawn with it.
 */
export async function saveAndSee(page: Page, content: string, slug: string, sentence: string): Promise<number> {
  const [, frame] = page.frames();
  if (!frame) throw new Error('the desk shows no frame');
  await frame.evaluate((sought) => {
    const seen = new Promise<number>((resolve) => {
      const look = () => {
        if (document.body.textContent?.includes(sought)) requestAnimationFrame(() => resolve(Date.now()));
        else requestAnimationFrame(look);
      };
      look();
    });
    Object.assign(window, { seen });
  }, sentence);
  const saved = Date.now();
  saveArticle(content, slug, (text) => text.replace(/^## /m, `${sentence}\n\n## `));
  const seen = await frame.evaluate(() => (window as typeof window & { seen: Promise<number> }).seen);
  return seen - saved;
}
