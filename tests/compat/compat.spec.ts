import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test as base, type Browser, type Locator, type Page, type Response } from '@playwright/test';
import { CODE, enterCode, newAccount, userButton, type Account } from '../../end2end/account';
import { root, startLocalClerk } from '../../end2end/server';
import { runProgram, startApp, type App } from './app';
import apps from './apps.json';

const test = base.extend<{ foreign: string[] }>({
  /** The requests to other machines, and exceptions in the pages. There must be none. */
  foreign: async ({ context }, use) => {
    const problems: string[] = [];
    context.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith('http') && !['localhost', '127.0.0.1'].includes(hostname)) problems.push(request.url());
    });
    context.on('weberror', (error) => problems.push(`${error.error()}`));
    await use(problems);
    expect(problems, 'requests to other hosts, and exceptions').toEqual([]);
  },
});

/** Starts a local Clerk that records its replies to an app, for calls.mjs. */
function startRecorded(id: string) {
  const recording = join(root, 'test-results/calls', `${id}.jsonl`);
  rmSync(recording, { force: true });
  process.env.LOCAL_CLERK_RECORD = recording;
  return startLocalClerk('development');
}

/** The endpoints that an app has asked for but that do not exist. */
async function unknown(emulate: string) {
  return (await (await fetch(`${emulate}/unknown`)).json()).data;
}

const all = Object.entries(apps as Record<string, App>);

for (const [id, app] of all.filter(([, { program }]) => program)) {
  test(id, async () => {
    const clerk = await startRecorded(id);
    try {
      const { code, output } = await runProgram(id, app, clerk.environment);
      expect(code, output).toBe(0);
      expect(await unknown(`${clerk.environment.CLERK_API_URL}/_emulate`)).toEqual([]);
    } finally {
      await clerk.stop();
    }
  });
}

for (const [id, app] of all.filter(([, { program }]) => !program)) {
  test(id, async ({ browser, page, context, foreign: _ }) => {
    const clerk = await startRecorded(id);
    const emulate = `${clerk.environment.CLERK_API_URL}/_emulate`;
    const server = await startApp(id, app, clerk.environment).catch(async (error) => {
      await clerk.stop();
      throw error;
    });
    /** Opens a page: once more if clerk-js, which leads to a page after a sign-out, does so at the same time. */
    const open = async (path: string) => {
      let response: Response | null = null;
      await expect(async () => {
        response = await page.goto(server.origin + path);
      }).toPass();
      return response as Response | null;
    };

    /** Opens a page, and expects the text in it, and in what the server sent. */
    const shows = async (path: string, text: string | RegExp) => {
      const response = await open(path);
      await expect(page.getByText(text)).toBeVisible();
      await expect(page).toHaveURL(server.origin + path);
      await loaded(page);
      if (app.browserOnly) return;
      // Without handshakes, clerk-js leads to the page once more, and the first reply is gone.
      const sent = app.noHandshakes ? page.evaluate(async () => (await fetch('')).text()) : response!.text();
      expect(await sent).toMatch(text);
    };

    try {
      await warmUp(browser, server.origin);
      const account = newAccount();
      const hello = `Hello ${account.email}`;

      await test.step('a stranger is signed out, and led from the protected page to the sign-in', async () => {
        await shows('/', 'Signed out');
        await open('/protected');
        await expect(page).toHaveURL(/\/sign-in/);
      });

      await test.step('the sign-up leads back to the protected page', async () => {
        await page.getByRole('link', { name: 'Sign up' }).click();
        await signUp(page, account);
        await expect(page.getByText(hello)).toBeVisible();
        await expect(page).toHaveURL(`${server.origin}/protected`);
      });

      await test.step('a reload keeps it', async () => {
        await page.reload();
        await expect(page.getByText(hello)).toBeVisible();
        await shows('/', /Signed in as user_\w+/);
      });

      await test.step('a missing session token is replaced', async () => {
        await page.goto('about:blank');
        await context.clearCookies({ name: /^__session/ });
        await shows('/protected', hello);
      });

      await test.step('an expired session token is replaced', async () => {
        await page.goto('about:blank');
        const tokens = (await context.cookies(server.origin)).filter(({ name }) => /^__session/.test(name));
        expect(tokens).not.toEqual([]);
        const { sid } = JSON.parse(Buffer.from(tokens[0].value.split('.')[1], 'base64url').toString());
        const body = JSON.stringify({ session_id: sid, expires_in: -60, azp: server.origin });
        const { jwt } = await (await fetch(`${emulate}/tokens`, { method: 'POST', body })).json();
        await context.addCookies(tokens.map((cookie) => ({ ...cookie, value: jwt })));
        await shows('/protected', hello);
      });

      if (app.api) {
        await test.step('the API takes the token of the page, and refuses a stranger', async () => {
          const status = () => page.evaluate(async () => (await fetch('/api/me')).status);
          expect(await status()).toBe(200);
          const token = await page.evaluate(() => (window as any).Clerk.session.getToken());
          const headers = { authorization: `Bearer ${token}` };
          expect(await (await fetch(`${server.origin}/api/me`, { headers })).text()).toMatch(/user_\w+/);
          expect((await fetch(`${server.origin}/api/me`)).status).toBe(401);
        });
      }

      await test.step('after the sign-out, the protected page refuses', async () => {
        await open('/');
        await userButton(page).click();
        await page.getByRole('button', { name: 'Sign out' }).click();
        await expect(page.getByText('Signed out')).toBeVisible();
        await shows('/', 'Signed out');
        await open('/protected');
        await expect(page).toHaveURL(/\/sign-in/);
      });

      await test.step('the sign-in leads back to the protected page', async () => {
        await signIn(page, account);
        await expect(page.getByText(hello)).toBeVisible();
        await expect(page).toHaveURL(`${server.origin}/protected`);
      });

      await test.step('every endpoint was there', async () => {
        expect(await unknown(emulate)).toEqual([]);
      });
    } finally {
      await test.info().attach('output', { body: server.output(), contentType: 'text/plain' });
      await server.stop();
      await clerk.stop();
    }
  });
}

test('Account Portal: nextjs', async ({ browser, page, foreign: _ }) => {
  delete process.env.LOCAL_CLERK_RECORD;
  const clerk = await startLocalClerk('development');
  const portal = clerk.environment.CLERK_API_URL;
  const pages = { NEXT_PUBLIC_CLERK_SIGN_IN_URL: `${portal}/sign-in`, NEXT_PUBLIC_CLERK_SIGN_UP_URL: `${portal}/sign-up` };
  const app = { ...apps.nextjs, environment: { ...apps.nextjs.environment, ...pages } };
  const server = await startApp('nextjs', app, clerk.environment);
  try {
    await warmUp(browser, server.origin);
    const account = newAccount();
    await page.goto(`${server.origin}/protected`);
    await expect(page).toHaveURL(({ href }) => href.startsWith(`${portal}/sign-in`));
    await page.getByRole('link', { name: 'Sign up' }).click();
    await signUp(page, account);
    await expect(page.getByText(`Hello ${account.email}`)).toBeVisible();
    await expect(page).toHaveURL(`${server.origin}/protected`);
  } finally {
    await test.info().attach('output', { body: server.output(), contentType: 'text/plain' });
    await server.stop();
    await clerk.stop();
  }
});

/** A development server prepares what a page needs when it is asked for it, and reloads the page when that changes. */
async function warmUp(browser: Browser, origin: string) {
  const page = await browser.newPage();
  for (const path of ['/', '/protected', '/sign-in', '/sign-up', '/']) {
    // A page that leads elsewhere may interrupt the next navigation.
    await page.goto(origin + path).catch(() => {});
    await loaded(page, 20_000).catch(() => {});
  }
  await page.close();
}

const loaded = (page: Page, timeout?: number) => 
  page.waitForFunction(() => (window as any).Clerk?.loaded, undefined, { timeout });

async function signUp(page: Page, { email, password }: Account) {
  const fields = { 'Email address': email, Password: password };
  await submit(page, fields, page.getByLabel('Enter verification code'));
  await enterCode(page, CODE);
}

async function signIn(page: Page, { email, password }: Account) {
  await submit(page, { 'Email address': email }, page.getByRole('heading', { name: 'Enter your password' }));
  const field = page.getByLabel('Password', { exact: true });
  await field.fill(password);
  await field.press('Enter');
}

/** Fills a form in and submits it: once more where a development server has reloaded the page meanwhile. */
async function submit(page: Page, fields: Record<string, string>, next: Locator) {
  await expect(async () => {
    for (const [label, value] of (await next.isVisible()) ? [] : Object.entries(fields)) {
      await page.getByLabel(label, { exact: true }).fill(value, { timeout: 10_000 });
      if (label === Object.keys(fields).at(-1)) await page.keyboard.press('Enter');
    }
    await expect(next).toBeVisible({ timeout: 10_000 });
  }).toPass();
}
