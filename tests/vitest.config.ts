import { defineConfig } from 'vitest/config';

// Two rooms: lib runs in plain Node with real files and sockets, components in a DOM.
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    setupFiles: ['tests/setup.ts'],
    restoreMocks: true,
    projects: [
      { extends: true, test: { name: 'lib', environment: 'node', include: ['tests/unit/**/*.test.ts'] } },
      { extends: true, test: { name: 'components', environment: 'jsdom', include: ['tests/unit/**/*.test.tsx'] } },
    ],
  },
});
