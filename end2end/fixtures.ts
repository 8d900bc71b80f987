import { createClerkClient, type ClerkClient } from '@clerk/backend';
import { test as base, expect, type BrowserContext, type BrowserContextOptions } from '@playwright/test';
import { Leaks } from './leaks';
import { reducedMotion } from './page';
import { startServer, type Instance, type Server } from './server';

export { expect };

export type Options = {
  /** The seed (TOML) that the server starts with; empty: the default seed. Specs set it by `test.use`. */
  seed: string;
  /** The kind of Clerk instance that the server has. */
  instance: Instance;
};

type Worker = {
  /** The app and its local Clerk. Every worker starts its own, so tests in parallel share no data. */
  server: Server;
};

type Fixtures = {
  /** What is searched for secrets at the end of the test. */
  leaks: Leaks;
  /** The environment of an app that uses the local Clerk of the server under test. */
  environment: Record<string, string>;
  /** Clerk's official client of its Backend API. */
  backend: ClerkClient;
  /** Lets the test pass although a page logs messages that match this pattern. */
  allow: (pattern: RegExp) => void;
  /** Opens another browser: with its own cookies, and watched like the first. */
  newBrowser: (options?: BrowserContextOptions) => Promise<BrowserContext>;
};

/** Chromium's warning about the preloaded WebAssembly on pages where no script may use it. */
const UNUSED_PRELOAD = /preloaded using link preload but not used/;

/**
 * The `test` of this suite. A test fails when any of its pages logs an error or a warning (violations of the
 * Content Security Policy are logged as errors), throws, or sends a request to another machine.
 */
export const test = base.extend<Fixtures & { problems: string[]; allowed: RegExp[] }, Options & Worker>({
  seed: ['', { option: true, scope: 'worker' }],
  instance: ['development', { option: true, scope: 'worker' }],

  server: [
    async ({ seed, instance }, use) => {
      const server = await startServer(instance, seed);
      await use(server);
      const leaks = new Leaks(server.secrets);
      for (const file of await builtFiles(server.origin)) leaks.add(file, await download(file));
      await server.stop();
      leaks.add('the log', server.log());
      expect(leaks.found(), 'secrets in the log or in the files of the app').toEqual([]);
    },
    { scope: 'worker' },
  ],

  baseURL: async ({ server }, use) => use(server.origin),

  // The local Clerk's page shows it.
  environment: async ({ server }, use) => {
    const page = await (await fetch(server.clerk)).text();
    const lines = [...page.matchAll(/\b(CLERK_\w+)=([^\s<]+)/g)];
    await use(Object.fromEntries(lines.map(([, name, value]) => [name, value])));
  },

  backend: async ({ environment }, use) =>
    use(createClerkClient({ secretKey: environment.CLERK_SECRET_KEY, apiUrl: environment.CLERK_API_URL })),

  problems: async ({}, use) => use([]),
  allowed: async ({}, use) => use([]),

  allow: async ({ allowed }, use) => use((pattern) => void allowed.push(pattern)),

  leaks: async ({ server }, use) => {
    const leaks = new Leaks(server.secrets);
    await use(leaks);
    expect(leaks.found(), 'secrets in documents').toEqual([]);
  },

  context: async ({ context, javaScriptEnabled, problems, allowed, leaks, server }, use) => {
    if (!javaScriptEnabled) allowed.push(UNUSED_PRELOAD);
    watch(context, problems);
    const read = leaks.watch(context, (url) => isOfApp(url, server));
    await use(context);
    await read();
    const unexpected = problems.filter((problem) => !allowed.some((pattern) => pattern.test(problem)));
    expect(unexpected, 'console messages, exceptions and requests to other hosts').toEqual([]);
  },

  // Depends on `context`, so that its pages are closed before `context` checks for problems.
  newBrowser: async ({ browser, context: _, problems, allowed, leaks, server }, use) => {
    const opened: [BrowserContext, () => Promise<void>][] = [];
    await use(async (options = {}) => {
      const context = await browser.newContext({ reducedMotion, ...options });
      if (options.javaScriptEnabled === false) allowed.push(UNUSED_PRELOAD);
      watch(context, problems);
      opened.push([context, leaks.watch(context, (url) => isOfApp(url, server))]);
      return context;
    });
    for (const [context, read] of opened) {
      await read();
      await context.close();
    }
  },
});

/** The local Clerk's own pages show its keys. */
const isOfApp = (url: URL, { clerk }: Server) => url.origin !== clerk && !url.pathname.startsWith('/__clerk');

/** The addresses of the scripts and the WebAssembly that a page of the app names. */
async function builtFiles(origin: string) {
  const page = (await download(origin)).matchAll(/\/pkg\/[\w.-]+\.(?:js|wasm)/g);
  return new Set([...page].map(([path]) => origin + path));
}

/** One character for each byte. */
const download = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer()).toString('latin1');

function watch(context: BrowserContext, problems: string[]) {
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      problems.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  context.on('weberror', (error) => problems.push(`exception: ${error.error()}`));
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && !['localhost', '127.0.0.1'].includes(url.hostname)) problems.push(`other host: ${url}`);
  });
}
