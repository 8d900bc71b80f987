import type { Page } from '@playwright/test';
import { CODE, enterCode, newAccount, startSignedIn, userButton, type Account } from './account';
import { expect, test } from './fixtures';
import { heading, holdWasm, settled, whoAmI } from './page';

const provider = (page: Page) => page.getByRole('button', { name: 'Continue with Local provider' });

/** Signs in with this identity on the provider's consent page. */
async function allow(page: Page, account: Account, mailbox = 'has verified the address') {
  await expect(page).toHaveURL(/\/__clerk\/provider\//);
  await expect(page.getByText('This is neither Clerk nor a real provider.')).toBeVisible();
  await page.getByLabel('Email address').fill(account.email);
  await page.getByLabel('The provider').selectOption(mailbox);
  await page.getByLabel('First name').fill(account.firstName);
  await page.getByLabel('Last name').fill(account.lastName);
  await page.getByRole('button', { name: 'Allow' }).click();
}

test('a new user signs up by signing in with a provider, and is recognised afterwards', async ({ page, newBrowser }) => {
  const account = newAccount();
  await page.goto('/profile');
  await provider(page).click();
  await allow(page, account);
  await expect(page).toHaveURL('/profile');
  await expect(heading(page)).toHaveText(`Hello, ${account.firstName} ${account.lastName}.`);

  const other = await (await newBrowser()).newPage();
  await other.goto('/sign-up?redirect_url=%2Fprofile');
  await provider(other).click();
  await other.getByRole('button', { name: account.email }).click();
  await expect(other).toHaveURL('/profile');
  await expect(heading(other)).toContainText(account.firstName);
  expect((await whoAmI(other)).user_id).toBe((await whoAmI(page)).user_id);
});

test('a verified address links to the existing account', async ({ page, newBrowser }) => {
  const account = await startSignedIn(page);
  const other = await (await newBrowser()).newPage();
  await other.goto('/sign-in?redirect_url=%2Fprofile');
  await provider(other).click();
  await allow(other, account);
  await expect(other).toHaveURL('/profile');
  expect((await whoAmI(other)).user_id).toBe((await whoAmI(page)).user_id);
});

test('an address that the provider has not verified is verified with a code', async ({ page }) => {
  await page.goto('/sign-up');
  await provider(page).click();
  await allow(page, newAccount(), 'has not verified the address');
  await enterCode(page, CODE);
  await expect(userButton(page)).toBeVisible();
});

test('a missing address is requested', async ({ page }) => {
  const account = newAccount();
  await page.goto('/sign-in');
  await provider(page).click();
  await allow(page, account, 'does not tell the address');
  await page.getByLabel('Email address').fill(account.email);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await enterCode(page, CODE);
  await expect(userButton(page)).toBeVisible();
});

test('denying access is reported and leaves the visitor signed out', async ({ page }) => {
  for (const path of ['/sign-in', '/sign-up']) {
    await page.goto(path);
    await provider(page).click();
    await page.getByRole('button', { name: 'Deny' }).click();
    await expect(page.getByText('You did not grant access to your')).toBeVisible();
    await expect(provider(page)).toBeVisible();
    await expect(userButton(page)).toBeHidden();
  }
});

test('why signing in with a provider failed survives the navigation of a page that is not hydrated yet', async ({ page }) => {
  await page.goto('/sign-in');
  await provider(page).click();
  const release = await holdWasm(page);
  // On a slow network the page that handles the callback is still there for a while after it has asked for the next one.
  await page.route(/\/sign-in\?/, async (route) => {
    await page.waitForTimeout(1_000);
    await route.continue();
  });
  await page.getByRole('button', { name: 'Deny' }).click();
  await expect(page).toHaveURL(/\/sign-in\?/);
  const refusal = page.getByText('You did not grant access to your');
  await expect(refusal).toBeVisible();
  release();
  await settled(page);
  await expect(refusal).toBeVisible();
});

test('an external account is connected and removed in the profile', async ({ page }) => {
  await startSignedIn(page);
  const work = newAccount('Grace');
  await page.goto('/profile');
  await settled(page);
  await page.getByRole('button', { name: 'Connect account' }).click();
  await page.getByRole('menuitem', { name: 'Connect Local provider account' }).click();
  await allow(page, work);
  await expect(page).toHaveURL('/profile');
  const connected = page.getByText(`• ${work.email}`);
  await expect(connected).toBeVisible();

  await page
    .locator('.cl-profileSectionItem__connectedAccounts')
    .getByRole('button', { name: 'Open menu' })
    .click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(connected).toBeHidden();
});
