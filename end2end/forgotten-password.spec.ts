import { CODE, enterCode, enterIdentifier, formError, startSignedIn, userButton } from './account';
import { expect, test } from './fixtures';
import { heading } from './page';

test('resetting a forgotten password signs out all other browsers', async ({ page, newBrowser, allow }) => {
  allow(/status of 4(01|22)/);
  const account = await startSignedIn(page);
  const other = await (await newBrowser()).newPage();
  await other.goto('/sign-in?redirect_url=/profile');
  await enterIdentifier(other, account.email);

  await test.step('a wrong code is rejected', async () => {
    await other.getByRole('link', { name: 'Forgot password?' }).click();
    await other.getByRole('button', { name: 'Reset your password' }).click();
    await enterCode(other, '000000');
    await expect(formError(other)).toContainText(/incorrect code/i);
  });

  const password = `another ${account.password}`;
  await test.step('the right code leads to the form for the new password', async () => {
    await enterCode(other, CODE);
    await other.getByLabel('New password').fill('short');
    await other.getByLabel('Confirm password').focus();
    await expect(formError(other).first()).toContainText('8 or more characters');
    await other.getByLabel('New password').fill(password);
    await other.getByLabel('Confirm password').fill(password);
    await other.getByRole('button', { name: 'Reset Password' }).click();
    await expect(heading(other)).toContainText(account.firstName);
  });

  await test.step('the other browser is signed out', async () => {
    await page.goto('/profile');
    await expect(page).toHaveURL(/\/sign-in/);
  });

  await test.step('only the new password signs in', async () => {
    await enterIdentifier(page, account.email);
    const field = page.getByLabel('Password', { exact: true });
    await field.fill(account.password);
    await field.press('Enter');
    await expect(formError(page)).toContainText(/password is incorrect/i);
    await field.fill(password);
    await field.press('Enter');
    await expect(userButton(page)).toBeVisible();
  });
});
