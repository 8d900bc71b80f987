import { defineConfig, devices } from '@playwright/test';
import type { Options } from './fixtures';
import { binary, environment, instances, origin, root } from './server';

/** Chromium's own calls home would look like the page's. */
const quiet = ['--disable-background-networking', '--disable-component-update', '--no-first-run'];
/** The network is cut: only this machine has addresses. */
const offline = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1';
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export default defineConfig<object, Options>({
  testDir: '.',
  testMatch: process.env.SCREENSHOTS ? 'screenshots.ts' : '**/*.spec.ts',
  outputDir: '../test-results',
  fullyParallel: true,
  workers: '100%',
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['html', { outputFolder: '../playwright-report', open: 'never' }]],
  use: {
    ...devices['Desktop Chrome'],
    launchOptions: { executablePath: process.env.CHROMIUM, args: [...quiet, offline, ...asRoot] },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
  projects: instances.map(({ name, port }) => ({
    name,
    // What brings its own server says itself which kind of instance it needs: once is enough.
    testIgnore: name === 'production' ? ['seeded/**', 'express/**'] : [],
    use: { baseURL: origin(port), instance: name, clerkURL: origin(port + 1) },
  })),
  webServer: instances.map(({ name, port }) => ({
    name,
    command: `exec "${binary}"`,
    cwd: root,
    url: `${origin(port)}/healthz`,
    env: environment(name, port, port + 1),
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 },
    stdout: 'pipe',
  })),
});
