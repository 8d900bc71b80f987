import { defineConfig } from '@playwright/test';

// LOCAL_CLERK_BIN is the program local-clerk, CHROMIUM a browser; both have defaults on a machine that has them installed.
export default defineConfig({
  testDir: '.',
  outputDir: '../../target/from-the-docs',
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
