import type { Page } from '@playwright/test';
import { newAccount, startSignedIn, startSignedInAs, userButton } from './account';
import { expect, test } from './fixtures';
import { heading, settled, whoAmI } from './page';

const preferences = (page: Page) => page.getByRole('region', { name: 'Preferences' });

const devices = (page: Page) => page.getByRole('region', { name: 'Your devices' });

/** The colour behind the page. */
const paper = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

const DARK = 'rgb(21, 17, 14)';
const LIGHT = 'rgb(250, 247, 242)';

async function save(page: Page, colours: string, greeting: string) {
  const form = preferences(page);
  await form.getByLabel('Colours').selectOption(colours);
  await form.getByLabel('Greeting').fill(greeting);
  await form.getByRole('button', { name: 'Save' }).click();
}

test('a preference changes the page at once, and every later one from its first byte', async ({ page, newBrowser }) => {
  const account = await startSignedIn(page);
  await page.goto('/profile');
  await settled(page);
  expect(await paper(page)).toBe(LIGHT);
  await save(page, 'Dark', 'Moin');
  await expect(preferences(page).getByRole('status')).toContainText('Saved.');
  await expect(heading(page)).toHaveText(`Moin, ${account.firstName} ${account.lastName}.`);
  await expect.poll(() => paper(page)).toBe(DARK);

  const response = await page.reload();
  expect(await response?.text()).toContain('data-color-scheme="dark"');
  await expect(preferences(page).getByLabel('Colours')).toHaveValue('dark');
  await expect(preferences(page).getByLabel('Greeting')).toHaveValue('Moin');
  await settled(page);
  await expect(heading(page)).toContainText('Moin');
  await page.goto('/');
  await settled(page);
  expect(await paper(page)).toBe(DARK);

  // It belongs to the user, not to the browser.
  await userButton(page).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await expect.poll(() => paper(page)).toBe(LIGHT);
  const other = await (await newBrowser()).newPage();
  await startSignedInAs(other, account);
  await other.goto('/profile');
  expect(await paper(other)).toBe(DARK);
});

test('preferences can be saved without JavaScript', async ({ page, context, newBrowser }) => {
  await startSignedIn(page);
  await page.goto('/profile');
  await settled(page);
  const storageState = await context.storageState();
  const plain = await (await newBrowser({ javaScriptEnabled: false, storageState })).newPage();
  await plain.goto('/profile');
  await save(plain, 'Dark', 'Moin');
  await expect(plain).toHaveURL('/profile');
  await expect(heading(plain)).toContainText('Moin');
  await expect(plain.locator('html')).toHaveAttribute('data-color-scheme', 'dark');
});

test('when the session has ended, the form keeps what was entered, and says to sign in', async ({ page, backend, allow }) => {
  allow(/status of 40[14]/);
  await startSignedIn(page);
  await page.goto('/profile');
  await settled(page);
  const greeting = preferences(page).getByLabel('Greeting');
  const status = preferences(page).getByRole('status');
  await greeting.fill('Moin');
  const session = await page.evaluate(() => (window as any).Clerk.session.id);
  // clerk-js, whose token is fresh, does not learn of it yet.
  await page.route(/\/v1\/client/, () => {});
  await backend.sessions.revokeSession(session);
  const me = () => page.evaluate(async () => (await fetch('/api/me')).status);
  await expect.poll(me).toBe(401);
  await preferences(page).getByRole('button', { name: 'Save' }).click();
  await expect(status).toContainText('You are not signed in any more.');
  await expect(greeting).toHaveValue('Moin');
  await expect(status.getByRole('link', { name: 'Sign in' })).toBeVisible();
});

test('another device is signed out, after a verification', async ({ page, newBrowser, allow }) => {
  allow(/status of 40[13]/);
  const account = await startSignedIn(page, newAccount());
  const other = await (await newBrowser()).newPage();
  await startSignedInAs(other, account);

  await page.goto('/profile');
  await settled(page);
  const rows = devices(page).getByRole('listitem');
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText('This device');
  await expect(rows.first().getByRole('button')).toHaveCount(0);
  // As if the sign-in were more than ten minutes old.
  await page.route('**/api/devices/sign_out', (route) => route.fulfill(reverificationRequired), { times: 1 });
  await rows.last().getByRole('button', { name: 'Sign out there' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password', { exact: true }).fill(account.password);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(devices(page).getByRole('status')).toHaveText('Signed out there.');
  await expect(rows).toHaveCount(1);

  await other.goto('/profile');
  await expect(other).toHaveURL(/\/sign-in/);
  expect((await whoAmI(page)).user_id).toMatch(/^user_/);
});

test('the organization switcher decides for whom the user acts', async ({ page }) => {
  await startSignedIn(page);
  await page.goto('/profile');
  await settled(page);
  await page.evaluate(async () => {
    const clerk = (window as any).Clerk;
    await clerk.setActive({ organization: await clerk.createOrganization({ name: 'Engines' }) });
  });
  const switcher = page.getByRole('main').getByRole('button', { name: 'Open organization switcher' });
  await expect(switcher).toContainText('Engines');
  await switcher.click();
  await page.getByRole('menuitem', { name: 'Personal account' }).click();
  await expect(switcher).toContainText('Personal account');
  expect((await whoAmI(page)).org_id).toBeNull();
});

const reverificationRequired = {
  status: 403,
  headers: { 'content-type': 'application/json', serverfnerror: '/api/devices/sign_out' },
  json: {
    clerk_error: {
      type: 'forbidden',
      reason: 'reverification-error',
      metadata: { reverification: { level: 'first_factor', afterMinutes: 10 } },
    },
  },
};
