import type { BrowserContext } from '@playwright/test';
import { startSignedIn, userButton } from './account';
import { expect, test } from './fixtures';
import { heading } from './page';

/** The claims of the session token that the browser holds. */
async function claims(context: BrowserContext) {
  const cookie = (await context.cookies()).find(({ name }) => name === '__session');
  if (!cookie) throw new Error('the browser has no __session cookie');
  return JSON.parse(Buffer.from(cookie.value.split('.')[1], 'base64url').toString()) as {
    exp: number;
    iat: number;
    sid: string;
  };
}

test('an expired token is replaced, by the page and by the server', async ({ page, context, newBrowser }) => {
  test.setTimeout(150_000);
  const account = await startSignedIn(page);
  await page.goto('/profile');
  const first = await claims(context);
  // The same cookies in a browser whose page cannot refresh them.
  const withoutScripts = await newBrowser({
    javaScriptEnabled: false,
    storageState: await context.storageState(),
  });

  await test.step('the open page keeps its token fresh', async () => {
    const timeout = (first.exp - first.iat + 10) * 1000;
    await expect.poll(async () => (await claims(context)).iat, { timeout }).toBeGreaterThan(first.iat);
    const status = await page.evaluate(async () => (await fetch('/api/me')).status);
    expect(status).toBe(200);
  });

  await test.step('the server sends an expired token through a handshake', async () => {
    const leeway = 6;
    await page.waitForTimeout(Math.max(0, (first.exp + leeway) * 1000 - Date.now()));
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

test('a lost token comes back by a handshake', async ({ page, context }) => {
  const account = await startSignedIn(page);
  await page.goto('about:blank');
  await context.clearCookies({ name: /^__session/ });

  await page.goto('/profile');
  await expect(page).toHaveURL('/profile');
  await expect(heading(page)).toContainText(account.firstName);
  await expect(userButton(page)).toBeVisible();
});

test('garbage in the cookies is a signed-out visitor, not an error', async ({ page, context, baseURL }) => {
  await context.addCookies(
    ['__session', '__client_uat', '__clerk_db_jwt'].map((name) => ({ name, value: 'garbage', url: baseURL })),
  );
  const response = await page.goto('/');
  expect(response?.status()).toBe(200);
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
});
