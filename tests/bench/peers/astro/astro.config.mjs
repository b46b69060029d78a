import { satteri } from '@astrojs/markdown-satteri';
import mdx from '@astrojs/mdx';
import { defineConfig } from 'astro/config';

// Everything that is not the site itself lies in a folder that the bench makes and removes (PEER_WORK).
const work = process.env.PEER_WORK;

export default defineConfig({
  outDir: `${work}/dist`,
  cacheDir: `${work}/cache`,
  // As this site does: the address without a slash at its end.
  trailingSlash: 'never',
  build: { format: 'file', inlineStylesheets: process.env.PEER_STYLES },
  integrations: [mdx()],
  // Astro changes typed quotes and dashes by default; this site prints what the editor typed.
  markdown: { processor: satteri({ features: { smartPunctuation: false } }), syntaxHighlight: false },
  vite: { resolve: { alias: { 'site.css': `${work}/site.css` } } },
});
