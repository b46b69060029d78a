import { existsSync } from 'node:fs';

/** @type {import('next').NextConfig} */
export default {
  // server.ts sets the security headers, compresses, and knows nothing of Next's own caches.
  poweredByHeader: false,
  compress: false,
  generateEtags: false,
  reactStrictMode: true,
  // Writing Turbopack's cache makes this build a quarter longer and the next one four times as quick: worth it where
  // there will be a next one. `npm start` begins a cache (scripts/build.ts); elsewhere one that is there is kept up.
  experimental: { turbopackFileSystemCacheForBuild: existsSync(new URL('.next/cache/turbopack', import.meta.url)) },
  // Pictures are made when an article is published; Next's optimiser, open to any address, is closed.
  images: { unoptimized: true },
  // Metadata streams to browsers by default and would end up in the body; a reader page needs it in the head
  // even without script (docs/decisions/0003-finish-reader-pages.md).
  htmlLimitedBots: /.*/,
  // `npm test` and `npm start` run the type checker once for the whole tree.
  typescript: { ignoreBuildErrors: true },
  // Lightning CSS does not know this selector yet (CSS Overflow 5) and passes it on as it is.
  turbopack: { ignoreIssue: [{ path: '**/*.css', description: /target-current/ }] },
  // Files read by a computed path would make Next trace the whole project into its output.
  outputFileTracingExcludes: { '/*': ['./content/**', './docs/**', './tests/**', './.data/**'] },
};
