import { CODE, enterCode, enterIdentifier, formError, startSignedIn, userButton } from './account';
import { expect, test } from './fixtures';
import { settled } from './page';

test.beforeEach(({ allow }) => allow(/status of 422/));

test('with an e-mail code, after a wrong one', async ({ page, newBrowser }) => {
  const account = await startSignedIn(page);

  const other = await (await newBrowser()).newPage();
  await other.goto('/sign-in');
  await enterIdentifier(other, account.email);
  await other.getByRole('link', { name: 'Use another method' }).click();
  await other.getByRole('button', { name: /Email code to/ }).click();

  await enterCode(other, '000000');
  await expect(formError(other)).toContainText(/incorrect code/i);
  await enterCode(other, CODE);
  await expect(userButton(other)).toBeVisible();
});

test('a wrong password is reported', async ({ page, newBrowser }) => {
  const account = await startSignedIn(page);

  const other = await (await newBrowser()).newPage();
  await other.goto('/sign-in');
  await enterIdentifier(other, account.email);
  await other.getByLabel('Password', { exact: true }).fill('not the password');
  await other.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(formError(other)).toContainText(/password is incorrect/i);
  await expect(userButton(other)).toBeHidden();
});

test('an unknown address is reported', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByLabel('Email address').fill('nobody@example.com');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(formError(page)).toContainText(/couldn.t find your account/i);
});

test('in a dialog on the home page', async ({ page }) => {
  await page.goto('/');
  await settled(page);
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/');
  await expect(page.getByRole('dialog').getByLabel('Email address')).toBeVisible();
});

test('a signed-in visitor of the sign-in page is redirected', async ({ page }) => {
  await startSignedIn(page);
  await page.goto('/sign-in');
  await expect(page).not.toHaveURL(/sign-in/);
});
