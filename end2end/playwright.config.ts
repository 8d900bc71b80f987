import { defineConfig, devices } from '@playwright/test';
import type { Options } from './fixtures';
import { reducedMotion } from './page';
import { instances } from './server';

/** Stops Chromium's own background requests, which would look like the page's. */
const quiet = ['--disable-background-networking', '--disable-component-update', '--no-first-run'];
/** Cuts off the network: only names of this machine resolve. */
const offline = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1';
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** Specs that start their own server decide which kind of instance it is, so one project runs them. */
const ownServer = ['seeded/**', 'express/**', 'examples/**'];
/** What does not depend on the kind of instance. */
const sameInBoth = ['accessibility.spec.ts', 'disturbances.spec.ts'];
/** The example is a program of its own, which `make test` builds. */
const notBuilt = process.env.START_AXUM ? [] : ['examples/**'];

export default defineConfig<object, Options>({
  testDir: '.',
  testMatch: process.env.SCREENSHOTS ? 'screenshots.ts' : '**/*.spec.ts',
  outputDir: '../test-results',
  fullyParallel: true,
  workers: '100%',
  forbidOnly: !!process.env.CI,
  // Only to end what hangs: a busy machine takes several times as long as an idle one.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['html', { outputFolder: '../playwright-report', open: 'never' }], ['./failures.ts']],
  use: {
    ...devices['Desktop Chrome'],
    launchOptions: { executablePath: process.env.CHROMIUM, args: [...quiet, offline, ...asRoot] },
    contextOptions: { reducedMotion },
    screenshot: 'only-on-failure',
    // Tracing would nearly double the time. To trace what fails: --trace retain-on-failure.
    trace: 'off',
  },
  projects: instances.map((instance) => ({
    name: instance,
    testIgnore: instance === 'production' ? [...ownServer, ...sameInBoth] : notBuilt,
    use: { instance },
  })),
});
