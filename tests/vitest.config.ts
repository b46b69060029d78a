import { defineConfig } from 'vitest/config';

const TIMED = ['tests/faults/timed.test.ts'];
const FAULTS = { environment: 'node', maxConcurrency: 10 } as const;

// lib runs in plain Node with real files and sockets, components in a DOM, faults against the built site as processes.
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    setupFiles: ['tests/setup.ts'],
    restoreMocks: true,
    // A hang fails; a busy machine does not: nothing here is judged by how long it took.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Left to itself vitest keeps one core free, which is half of a small machine.
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'lib', environment: 'node', include: ['tests/unit/**/*.test.ts'] } },
      { extends: true, test: { name: 'components', environment: 'jsdom', include: ['tests/unit/**/*.test.tsx'] } },
      // Mostly waiting: for leases, pauses, timeouts. What is judged by how long it takes has the machine to itself.
      {
        extends: true,
        test: { ...FAULTS, name: 'faults', include: ['tests/faults/**/*.test.ts'], exclude: TIMED, maxWorkers: 3 },
      },
      { extends: true, test: { ...FAULTS, name: 'faults-timed', include: TIMED } },
    ],
  },
});
