import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createClerkClient, type ClerkClient } from '@clerk/backend';
import { clerk, clerkSetup } from '@clerk/testing/playwright';
import { createPageObjects } from '@clerk/testing/playwright/unstable';
import { expect, test as base, type Page } from '@playwright/test';
import { createApp, type Row } from './app';
import { Emulator } from './emulator';

export { expect };

// The seed's people. Only Cleo has no password.
export const ada = { id: 'user_ada', email: 'ada+clerk_test@example.com', password: 'correct horse battery' };
export const ben = { id: 'user_ben', email: 'ben+clerk_test@example.com', password: 'staple correct horse' };
export const cleo = { id: 'user_cleo', email: 'cleo+clerk_test@example.com' };
export const acme = 'org_acme';

type Worker = {
  /** The local Clerk that starts instances. */
  root: Emulator;
  /** The worker's own instance. */
  emulator: Emulator;
  backend: ClerkClient;
  app: { url: string; users: Map<string, Row> };
};

type Test = {
  /** Resets the instance and the app before each test, and lets none ask for what Clerk does not have. */
  clean: void;
  po: ReturnType<typeof createPageObjects>;
};

export const test = base.extend<Test, Worker>({
  root: [async ({}, use) => use(new Emulator(process.env.CLERK_EMULATOR_URL!)), { scope: 'worker' }],

  emulator: [
    async ({ root }, use) => {
      const instance = await root.start();
      // The app and @clerk/testing read the environment; each worker is a process of its own.
      Object.assign(process.env, instance.environment, { CLERK_TELEMETRY_DISABLED: '1' });
      await clerkSetup({ dotenv: false });
      await use(instance);
      await root.end(instance);
    },
    { scope: 'worker' },
  ],

  backend: [
    async ({ emulator }, use) => {
      const { CLERK_SECRET_KEY: secretKey, CLERK_API_URL: apiUrl } = emulator.environment;
      await use(createClerkClient({ secretKey, apiUrl }));
    },
    { scope: 'worker' },
  ],

  app: [
    async ({ emulator: _ }, use) => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      // Another host than that of the local Clerk, so that they do not share cookies.
      const url = `http://localhost:${(server.address() as AddressInfo).port}`;
      process.env.APP_URL = url;
      const { app, users } = createApp();
      server.on('request', app);
      await use({ url, users });
      server.closeAllConnections();
      server.close();
    },
    { scope: 'worker' },
  ],

  baseURL: async ({ app }, use) => use(app.url),

  clean: [
    async ({ emulator, app }, use) => {
      await emulator.reset();
      app.users.clear();
      await use();
      expect(await emulator.unknown()).toEqual([]);
    },
    { auto: true },
  ],

  po: async ({ page, baseURL }, use) => use(createPageObjects({ page, baseURL })),
});

/** Signs a user in without the sign-in page. */
export async function signIn(page: Page, backend: ClerkClient, userId: string) {
  await page.goto('/');
  const { token } = await backend.signInTokens.createSignInToken({ userId, expiresInSeconds: 60 });
  await clerk.signIn({ page, signInParams: { strategy: 'ticket', ticket: token } });
}
