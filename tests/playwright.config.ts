import { defineConfig } from 'playwright/test';
import { findHeadlessShell, launchOptions } from './support/chromium.ts';

export default defineConfig({
  testDir: 'e2e',
  outputDir: '../node_modules/.cache/playwright',
  fullyParallel: false,
  workers: 2,
  // A hang fails; a busy machine does not: nothing here is judged by how long it took.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: '../node_modules/.cache/test/playwright.json' }]],
  use: {
    browserName: 'chromium',
    locale: 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    launchOptions: launchOptions(findHeadlessShell()),
  },
});
