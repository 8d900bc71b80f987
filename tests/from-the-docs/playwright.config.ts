import { defineConfig } from '@playwright/test';

// In the root of the repository: node_modules/.bin/playwright test -c tests/from-the-docs
// LOCAL_CLERK_BIN is the program local-clerk, by default that of the PATH; CHROMIUM a browser, by default Playwright's.
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/from-the-docs',
  globalSetup: './local-clerk.ts',
  fullyParallel: true,
  workers: 3,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    launchOptions: { executablePath: process.env.CHROMIUM },
    contextOptions: { reducedMotion: 'reduce' }, // the components are sooner where they are clicked
  },
});
