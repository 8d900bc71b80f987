import type { Page } from '@playwright/test';
import { signIn, startSignedIn } from './account';
import { expect, test } from './fixtures';
import { heading, settled } from './page';

/** The lifetime of a session token, in seconds. Clerk issues tokens for a minute, which would be long to wait for. */
const LIFETIME = 10;

test.use({ seed: `[settings]\ntoken_lifetime = ${LIFETIME}\n` });

const greeting = (page: Page) => page.getByLabel('Greeting');

const status = (page: Page) => page.getByRole('region', { name: 'Preferences' }).getByRole('status');

const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true });

/** The status of a `POST`, for which the server renews no token. */
const refreshed = (page: Page) =>
  page.evaluate(async () => (await fetch('/api/session/refresh', { method: 'POST' })).status);

/** Opens the form of a new user and enters something. */
async function open(page: Page) {
  const account = await startSignedIn(page);
  await page.goto('/profile');
  await settled(page);
  await greeting(page).fill('Moin');
  return account;
}

test('a form that was open overnight is saved', async ({ page, allow }) => {
  test.slow();
  allow(/status of 401/);
  await open(page);
  // As while the machine sleeps: nothing renews the token.
  let wake = () => {};
  const asleep = new Promise<void>((resolve) => (wake = resolve));
  await page.route(/\/v1\/client\/sessions\/[^/]+\/(tokens|touch)/, async (route) => {
    await asleep;
    await route.continue();
  });
  await expect.poll(() => refreshed(page), { timeout: (LIFETIME + 20) * 1000, intervals: [500] }).toBe(401);
  wake();
  await save(page).click();
  await expect(status(page)).toContainText('Saved.');
  await expect(heading(page)).toContainText('Moin');
});

test('what was entered is there again after signing in', async ({ page, backend, allow }) => {
  test.slow();
  allow(/status of 40[14]/);
  const account = await open(page);
  const session = await page.evaluate(() => (window as any).Clerk.session.id);
  await backend.sessions.revokeSession(session);
  // clerk-js notices when it next needs a token.
  await expect(page).toHaveURL(/\/sign-in/, { timeout: (LIFETIME + 30) * 1000 });
  await signIn(page, account);
  await expect(page).toHaveURL('/profile');
  await expect(greeting(page)).toHaveValue('Moin');
  await save(page).click();
  await expect(heading(page)).toContainText('Moin');
});
