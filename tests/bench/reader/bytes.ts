import path from 'node:path';
import { toBrotli } from '#lib/reader/encode.ts';
import { runSite } from '../../support/running-site.ts';
import type { Figure } from '../figure.ts';
import { expectSamePage, readModel } from '../page-parts.ts';
import { preparePeer, readPeerPage } from '../peers.ts';
import { tidily } from '../tidily.ts';

const CONTENT = path.resolve(import.meta.dirname, '../../../content');
const ARTICLE = 'pmo-yametoke';
const PAGES = ['/', '/articles', `/articles/${ARTICLE}`, '/categories/work', '/authors/editorial-team', '/privacy'];

/** Script on the reader pages, and HTML with CSS of the shipped article beside Astro's page of it; all brotli 11. */
export function measureBytes(): Promise<Figure[]> {
  return tidily(async (afterwards) => {
    const site = await runSite();
    afterwards(site.remove);
    let scripts = 0;
    for (const page of PAGES) scripts += scriptBytes(await textOf(site.url + page));
    const model = await readModel(site.url, ARTICLE);
    const { html } = model;
    if (/<link\b[^>]*\brel="stylesheet"/.test(html)) throw new Error('the page links a style sheet: count its bytes');
    console.error('reader: Astroで同じ記事をビルドしています');
    const astro = preparePeer('astro', { contentDir: CONTENT, model });
    afterwards(astro.remove);
    const wireBytes = async (styles: 'auto' | 'always'): Promise<number> => {
      astro.build({ styles });
      const page = readPeerPage(astro.output, `articles/${ARTICLE}.html`);
      expectSamePage('Astro', html, page.html);
      return (await packedLength(page.html)) + (page.css === '' ? 0 : await packedLength(page.css));
    };
    const [linked, inlined] = [await wireBytes('auto'), await wireBytes('always')];
    const own = await packedLength(html);
    return [
      { id: 'reader.script', value: scripts, unit: 'B', goal: { op: '<=', number: 0 } },
      { id: 'reader.html-and-css', value: own, unit: 'B', goal: { op: '<=', number: 14_000 } },
      { id: 'reader.html-and-css-of-astro', value: linked, unit: 'B' },
      { id: 'reader.html-and-css-of-astro-inlined', value: inlined, unit: 'B' },
      // Against whichever of its two ways Astro does better with.
      {
        id: 'reader.bytes-against-astro',
        value: own / Math.min(linked, inlined),
        unit: 'x',
        goal: { op: '<=', number: 1 },
      },
    ];
  });
}

async function textOf(url: string): Promise<string> {
  const answer = await fetch(url);
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status}`);
  return answer.text();
}

async function packedLength(text: string): Promise<number> {
  return (await toBrotli(Buffer.from(text), 'small')).length;
}

/** Bytes of a page that run as script, and of the tags that load scripts or load them ahead. */
function scriptBytes(html: string): number {
  const scripts = html.match(/<script\b[^>]*>[\s\S]*?<\/script>/g) ?? [];
  const running = scripts.filter((script) => !/^<script[^>]*type="application\/ld\+json"/.test(script));
  const ahead = html.match(/<link\b[^>]*(?:modulepreload|as="script")[^>]*>/g) ?? [];
  return Buffer.byteLength([...running, ...ahead].join(''));
}
