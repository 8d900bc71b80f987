import type { BrowserContext } from '@playwright/test';
import { startSignedIn, userButton } from './account';
import { expect, test } from './fixtures';
import { heading } from './page';

/** The lifetime of a session token, in seconds. Clerk issues tokens for a minute, which would be long to wait for. */
const LIFETIME = 10;

test.use({ seed: `[settings]\ntoken_lifetime = ${LIFETIME}\n` });

/** The claims of the session token in the browser's cookies. */
async function claims(context: BrowserContext) {
  const cookie = (await context.cookies()).find(({ name }) => name === '__session');
  if (!cookie) throw new Error('the browser has no __session cookie');
  return JSON.parse(Buffer.from(cookie.value.split('.')[1], 'base64url').toString()) as {
    exp: number;
    iat: number;
    sid: string;
  };
}

test('an expired token is renewed by the page and by the server', async ({ page, context, newBrowser }) => {
  test.slow();
  const account = await startSignedIn(page);
  await page.goto('/profile');
  const first = await claims(context);
  expect(first.exp - first.iat).toBe(LIFETIME);
  // The same cookies in a browser without scripts, whose pages cannot refresh them.
  const withoutScripts = await newBrowser({
    javaScriptEnabled: false,
    storageState: await context.storageState(),
  });

  await test.step('the open page keeps its token fresh', async () => {
    const timeout = (LIFETIME + 10) * 1000;
    await expect.poll(async () => (await claims(context)).iat, { timeout }).toBeGreaterThan(first.iat);
    const status = await page.evaluate(async () => (await fetch('/api/me')).status);
    expect(status).toBe(200);
  });

  await test.step('the server sends an expired token through a handshake', async () => {
    // The server accepts a token for another five seconds, because clocks differ.
    const expired = () => Date.now() / 1000 - first.exp;
    await expect.poll(expired, { timeout: (LIFETIME + 10) * 1000, intervals: [500] }).toBeGreaterThan(6);
    const plain = await withoutScripts.newPage();
    const response = await plain.goto('/profile');
    expect(response?.status()).toBe(200);
    await expect(plain).toHaveURL('/profile');
    await expect(heading(plain)).toContainText(account.firstName);
    const renewed = await claims(withoutScripts);
    expect(renewed.exp).toBeGreaterThan(first.exp);
    expect(renewed.sid).toBe(first.sid);
  });
});

test('a missing session token is restored by a handshake', async ({ page, context }) => {
  const account = await startSignedIn(page);
  await page.goto('about:blank');
  await context.clearCookies({ name: /^__session/ });

  await page.goto('/profile');
  await expect(page).toHaveURL('/profile');
  await expect(heading(page)).toContainText(account.firstName);
  await expect(userButton(page)).toBeVisible();
});

test('invalid cookies mean signed out, not an error', async ({ page, context, baseURL }) => {
  await context.addCookies(
    ['__session', '__client_uat', '__clerk_db_jwt'].map((name) => ({ name, value: 'garbage', url: baseURL })),
  );
  const response = await page.goto('/');
  expect(response?.status()).toBe(200);
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
});
