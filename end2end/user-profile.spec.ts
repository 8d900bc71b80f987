import type { Page } from '@playwright/test';
import { CODE, enterCode, formError, newAccount, startSignedIn, startSignedInAs, userButton } from './account';
import { expect, test } from './fixtures';

test('a profile image is uploaded, shown and removed', async ({ page }) => {
  await startSignedIn(page);
  await page.goto('/profile');
  const picture = userButton(page).getByRole('img');
  const before = await picture.getAttribute('src');

  await page.getByRole('button', { name: 'Update profile' }).click();
  // The form's button opens the file chooser of this input.
  await page.locator('input[type=file]').setInputFiles({ name: 'red.png', mimeType: 'image/png', buffer: RED });
  await expect(picture).not.toHaveAttribute('src', before ?? '');
  const served = await page.request.get((await picture.getAttribute('src')) ?? '');
  expect(await served.body()).toEqual(RED);

  await page.getByRole('button', { name: 'Update profile' }).click();
  await page.getByRole('button', { name: 'Remove' }).click();
  await expect(picture).toHaveAttribute('src', before ?? '');
});

test('an e-mail address is added, verified, made primary and removed', async ({ page, context, allow }) => {
  allow(/status of 4(00|22)/);
  const account = await startSignedIn(page);
  const email = newAccount('Augusta').email;
  await page.goto('/profile');

  await test.step('an address that is taken is rejected', async () => {
    await page.getByRole('button', { name: 'Add email address' }).click();
    await enterEmailAddress(page, 'demo+clerk_test@example.com');
    await expect(formError(page)).toContainText(/taken/i);
  });

  const another = await context.newPage();
  await test.step('a wrong code is rejected', async () => {
    await enterEmailAddress(page, email);
    await enterCode(page, '000000');
    // The previous form, with its own error, is still fading out.
    await expect(formError(page).filter({ hasText: /incorrect code/i })).toBeVisible();
  });

  await test.step('the right code is accepted once, in any tab', async () => {
    await another.goto('/profile');
    await another.getByRole('button', { name: 'Open menu' }).last().click();
    await another.getByRole('menuitem', { name: 'Verify' }).click();
    await enterCode(another, CODE);
    await expect(another.getByText('Unverified')).toBeHidden();
    await enterCode(page, CODE);
    await expect(page.getByText('This verification has already been verified.')).toBeVisible();
    await another.close();
  });

  await test.step('the address becomes primary and the old one is removed', async () => {
    await page.reload();
    await page.getByRole('button', { name: 'Open menu' }).last().click();
    await page.getByRole('menuitem', { name: 'Set as primary' }).click();
    await expect(page.locator('.cl-profileSectionItem__emailAddresses').first()).toContainText(email);
    await page.getByRole('button', { name: 'Open menu' }).last().click();
    await page.getByRole('menuitem', { name: 'Remove email' }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(page.locator('.cl-profileSectionItem__emailAddresses')).toHaveCount(1);
    await page.reload();
    await expect(page.getByRole('main').getByRole('paragraph').filter({ hasText: email }).first()).toBeVisible();
    await expect(page.getByText(account.email)).toBeHidden();
  });
});

test('devices, password and deletion of the account', async ({ page, newBrowser, allow }) => {
  test.slow();
  allow(/status of 4\d\d/);
  const account = await startSignedIn(page);
  const other = await (await newBrowser()).newPage();
  const devices = page.locator('.cl-activeDevice');

  await test.step('a device is signed out from another device', async () => {
    await startSignedInAs(other, account);
    await page.goto('/profile/security');
    await expect(devices).toHaveCount(2);
    await page.getByRole('button', { name: 'Open menu' }).click();
    const revoked = page.waitForResponse(/\/revoke/);
    await page.getByRole('menuitem', { name: 'Sign out of device' }).click();
    expect((await revoked).status()).toBe(200);
    await other.goto('/profile');
    await expect(other).toHaveURL(/\/sign-in/);
    // The component does not update its list by itself.
    await page.reload();
    await expect(devices).toHaveCount(1);
  });

  const password = `another ${account.password}`;
  await test.step('a new password signs out the other devices', async () => {
    await startSignedInAs(other, account);
    await page.getByRole('button', { name: 'Update password' }).click();
    await page.getByLabel('New password').fill(password);
    await page.getByLabel('Confirm password').fill(password);
    await page.getByLabel('Confirm password').press('Enter');
    await expect(page.getByRole('button', { name: 'Update password' })).toBeVisible();
    await other.goto('/profile');
    await expect(other).toHaveURL(/\/sign-in/);
    await startSignedInAs(other, { ...account, password });
  });

  await test.step('the account is deleted after typing the confirmation', async () => {
    await page.getByRole('button', { name: 'Delete account' }).click();
    const confirm = page.locator('form').getByRole('button', { name: 'Delete account' });
    await expect(confirm).toBeDisabled();
    await page.getByLabel(/Type "Delete account"/).fill('Delete account');
    await confirm.click();
    await expect(userButton(page)).toBeHidden();
    await other.goto('/sign-in');
    await other.getByLabel('Email address').fill(account.email);
    await other.getByRole('button', { name: 'Continue', exact: true }).click();
    await expect(formError(other)).toContainText(/couldn.t find your account/i);
  });
});

async function enterEmailAddress(page: Page, email: string) {
  const field = page.getByLabel('Email address');
  await field.fill(email);
  // Enter instead of the button, which moves while the form expands.
  await field.press('Enter');
}

/** One red pixel. */
const RED = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
  'base64',
);
