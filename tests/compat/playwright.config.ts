import { defineConfig } from '@playwright/test';
import suite from '../../end2end/playwright.config';

/** Chromium as in the project's own browser tests. Each app is one test. */
export default defineConfig({
  use: suite.use,
  testDir: '.',
  testMatch: 'compat.spec.ts',
  outputDir: '../../test-results/compat',
  // Only to end what hangs: a development server compiles each page when it is asked for the first time.
  timeout: 900_000,
  expect: { timeout: 60_000 },
  // Each app is a development server, which has several processes.
  workers: 1,
  reporter: [['list'], ['json', { outputFile: '../../test-results/compat.json' }]],
});
