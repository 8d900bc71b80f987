import type { Page } from '@playwright/test';
import { newAccount, signUp, startSignedIn, userButton } from './account';
import { expect, test } from './fixtures';
import { heading, link, settled } from './page';

/** Changes the page as soon as the parser has made the element, as browser extensions do. */
const insertFirst = (page: Page, selector: string) =>
  page.addInitScript((selector) => {
    new MutationObserver((_, observer) => {
      const parent = document.querySelector(selector);
      if (!parent) return;
      observer.disconnect();
      parent.prepend(Object.assign(document.createElement('div'), { className: 'extension', textContent: 'Extension' }));
    }).observe(document, { childList: true, subtree: true });
  }, selector);

const signInLink = (page: Page) => page.getByRole('banner').getByRole('link', { name: 'Sign in' });

const failure = (page: Page) => page.getByRole('alert').filter({ hasText: 'stopped working' });

test('what an extension adds to the body does not disturb the app', async ({ page }) => {
  await insertFirst(page, 'body');
  await page.goto('/');
  await expect(page.locator('.extension')).toBeAttached();
  await settled(page);
  await page.evaluate(() => void ((window as any).sameDocument = true));
  await link(page, 'Plans').click();
  await expect(heading(page)).toHaveText('Plans');
  expect(await page.evaluate(() => (window as any).sameDocument)).toBe(true);
  await expect(failure(page)).toBeHidden();
  await signUp(page, newAccount());
});

test('when an extension breaks the app, the page says so, and signing up works', async ({ page, allow }) => {
  allow(/panicked|unreachable|hydrat/i);
  await insertFirst(page, '#app');
  await page.goto('/sign-up');
  await expect(failure(page)).toBeVisible();
  await expect(failure(page).getByRole('link', { name: 'Reload the page' })).toHaveAttribute('href', '');
  await signUp(page, newAccount());
});

test('without WebAssembly, signing up works and links load their pages', async ({ page, allow }) => {
  allow(/net::ERR_|wasm|fetch/i);
  await page.route('**/*.wasm', (route) => route.abort());
  await signUp(page, newAccount());
  await link(page, 'Plans').click();
  await expect(page.locator('.cl-pricingTableCard')).toHaveCount(3);
});

test('while clerk-js is slow the page can be used, and then has everything', async ({ page }) => {
  const account = await startSignedIn(page);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/clerk\.browser\.js/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/', { waitUntil: 'commit' });
  await link(page, 'Profile').click();
  await expect(heading(page)).toContainText(account.firstName);
  await expect(page.locator('.clerk-placeholder').first()).toBeVisible();
  release();
  await expect(userButton(page)).toBeVisible();
  await settled(page);
});

for (const [when, failing] of [
  ['its first call', /\/v1\/environment/],
  ['a part of it', /\/dist\/(?!clerk\.browser|ui\.browser)/],
] as const) {
  test(`clerk-js that fails at ${when} leaves a usable page, which is complete once it is loaded again`, async ({
    page,
    allow,
  }) => {
    allow(/net::ERR_|Clerk|chunk/i);
    await page.route(failing, (route) => route.abort());
    await page.goto('/');
    await link(page, 'Plans').click();
    await expect(heading(page)).toHaveText('Plans');
    await page.unroute(failing);
    await page.reload();
    await expect(page.locator('.cl-pricingTableCard')).toHaveCount(3);
  });
}

test('signing out in another tab signs this one out, and signing in there shows at the next page', async ({ page, context }) => {
  const account = await startSignedIn(page);
  await page.goto('/');
  const other = await context.newPage();
  await other.goto('/');
  await settled(other);
  await other.evaluate(() => (window as any).Clerk.signOut());
  await expect(signInLink(page)).toBeVisible();

  await other.goto('/sign-in');
  await settled(other);
  await other.evaluate(
    async ({ email, password }) => {
      const clerk = (window as any).Clerk;
      const { createdSessionId } = await clerk.client.signIn.create({ identifier: email, password });
      await clerk.setActive({ session: createdSessionId });
    },
    account,
  );
  await page.reload();
  await expect(userButton(page)).toBeVisible();
});

test('after signing out, the back button does not show the profile', async ({ page }) => {
  const account = await startSignedIn(page);
  await page.goto('/profile');
  await expect(heading(page)).toContainText(account.firstName);
  await settled(page);
  // Without its own redirect, which would add an entry to the history.
  await page.evaluate(() => (window as any).Clerk.signOut({ redirectUrl: '/plans' }));
  await expect(page).toHaveURL('/plans');
  await page.goBack();
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByText(account.email)).toHaveCount(0);
});

test('a browser that keeps no cookies gets the public pages', async ({ page, allow }) => {
  allow(/status of 4\d\d|Clerk/);
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setDocumentCookieDisabled', { disabled: true });
  for (const path of ['/', '/plans', '/sign-in']) {
    await page.route('**/*', async (route) => {
      const { cookie: _, ...headers } = await route.request().allHeaders();
      const response = await route.fetch({ headers, maxRedirects: 0 });
      const { 'set-cookie': __, ...kept } = response.headers();
      await route.fulfill({ response, headers: kept });
    });
    const response = await page.goto(path);
    expect(response?.status()).toBe(200);
    await expect(heading(page)).toBeAttached();
    // What is still on its way is for a page that is about to be left.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  }
});
