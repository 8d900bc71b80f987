import { createClerkClient, type ClerkClient } from '@clerk/backend';
import { test as base, expect, type BrowserContext, type BrowserContextOptions } from '@playwright/test';
import { startServer, type Instance, type Server } from './server';

export { expect };

export type Options = {
  /**
   * The seed (TOML) of a server that is started for the file which asks for it by `test.use`. Files in
   * `seeded/` run once, others once for each kind of instance. Without a seed, a test runs against the
   * servers that stand all the time.
   */
  seed: string;
  /** Which kind of Clerk instance the server has. */
  instance: Instance;
  /** Where the local Clerk of the standing server listens. */
  clerkURL: string;
};

type Fixtures = {
  /** What an app is to be configured with to use the local Clerk of the server under test. */
  environment: Record<string, string>;
  /** Clerk's own client of its Backend API. */
  backend: ClerkClient;
  /** Takes an expected message out of those that fail the test. */
  allow: (pattern: RegExp) => void;
  /** A further browser: own cookies, watched like the first. */
  newBrowser: (options?: BrowserContextOptions) => Promise<BrowserContext>;
};

/** Chromium remarks on the preloaded WebAssembly where no script may use it. */
const UNUSED_PRELOAD = /preloaded using link preload but not used/;

/**
 * The `test` of this suite. A test fails when any of its pages logs an error or a warning (violations of the
 * Content Security Policy are logged as errors), throws, or asks for anything outside this machine.
 */
export const test = base.extend<Fixtures & { problems: string[]; allowed: RegExp[] }, Options & { own?: Server }>({
  seed: ['', { option: true, scope: 'worker' }],
  instance: ['development', { option: true, scope: 'worker' }],
  clerkURL: ['', { option: true, scope: 'worker' }],

  own: [
    async ({ seed, instance }, use) => {
      if (!seed) return use(undefined);
      const server = await startServer(instance, seed);
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],

  baseURL: async ({ baseURL, own }, use) => use(own?.origin ?? baseURL),

  // As the local Clerk's page shows it.
  environment: async ({ clerkURL, own }, use) => {
    const page = await (await fetch(own?.clerk ?? clerkURL)).text();
    const lines = [...page.matchAll(/\b(CLERK_\w+)=([^\s<]+)/g)];
    await use(Object.fromEntries(lines.map(([, name, value]) => [name, value])));
  },

  backend: async ({ environment }, use) =>
    use(createClerkClient({ secretKey: environment.CLERK_SECRET_KEY, apiUrl: environment.CLERK_API_URL })),

  problems: async ({}, use) => use([]),
  allowed: async ({}, use) => use([]),

  allow: async ({ allowed }, use) => use((pattern) => void allowed.push(pattern)),

  context: async ({ context, problems, allowed }, use) => {
    watch(context, problems);
    await use(context);
    const unexpected = problems.filter((problem) => !allowed.some((pattern) => pattern.test(problem)));
    expect(unexpected, 'console, errors and foreign hosts').toEqual([]);
  },

  // Depends on `context`, so that its pages are closed before the verdict.
  newBrowser: async ({ browser, context: _, problems, allowed }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (options = {}) => {
      const context = await browser.newContext(options);
      if (options.javaScriptEnabled === false) allowed.push(UNUSED_PRELOAD);
      watch(context, problems);
      opened.push(context);
      return context;
    });
    for (const context of opened) await context.close();
  },
});

function watch(context: BrowserContext, problems: string[]) {
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      problems.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  context.on('weberror', (error) => problems.push(`exception: ${error.error()}`));
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && !['localhost', '127.0.0.1'].includes(url.hostname)) problems.push(`foreign host: ${url}`);
  });
}
