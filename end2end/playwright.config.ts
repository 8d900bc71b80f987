import { defineConfig, devices } from '@playwright/test';
import { resolve } from 'node:path';
import { instances, origin } from './instances';

const root = resolve(__dirname, '..');
const server = resolve(root, process.env.SERVER ?? 'target/release/leptos-with-clerk');

/** Empty counts as not set, and wins over a developer's own .env file. */
const noKeys = Object.fromEntries(
  ['PUBLISHABLE_KEY', 'SECRET_KEY', 'JWT_KEY', 'API_URL', 'FAPI_URL', 'PROXY_URL', 'DOMAIN', 'IS_SATELLITE'].map(
    (name) => [`CLERK_${name}`, ''],
  ),
);

/** Chromium's own calls home would look like the page's. */
const quiet = ['--disable-background-networking', '--disable-component-update', '--no-first-run'];
/** The network is cut: only this machine has addresses. */
const offline = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1';
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export default defineConfig({
  testDir: '.',
  testMatch: process.env.SCREENSHOTS ? 'screenshots.ts' : '*.spec.ts',
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
  projects: instances.map(({ name, port }) => ({ name, use: { baseURL: origin(port) } })),
  webServer: instances.map(({ name, port }) => ({
    name,
    command: `exec "${server}"`,
    cwd: root,
    url: `${origin(port)}/healthz`,
    env: {
      ...noKeys,
      APP_URL: origin(port),
      LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
      LOCAL_CLERK: 'on',
      LOCAL_CLERK_ADDR: `127.0.0.1:${port + 1}`,
      LOCAL_CLERK_DATA: 'memory',
      LOCAL_CLERK_INSTANCE: name,
      SESSION_STORE: 'memory',
      RUST_LOG: process.env.RUST_LOG ?? 'warn',
    },
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 },
    stdout: 'pipe',
  })),
});
