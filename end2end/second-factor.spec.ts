import type { Page } from '@playwright/test';
import { enterCode, enterIdentifier, formError, startSignedIn, userButton, type Account } from './account';
import { expect, test } from './fixtures';
import { totp } from './totp';

/** The code of the next time step, which differs from one used a moment ago. */
const nextCode = (key: string) => totp(key, Date.now() + 30_000);

test('authenticator app and backup codes as second factors', async ({ page, newBrowser, allow }) => {
  test.slow();
  allow(/status of 422/);
  const account = await startSignedIn(page);
  let key = '';
  let backupCodes: string[] = [];

  await test.step('the authenticator app is set up in the profile', async () => {
    await page.goto('/profile/security');
    await page.getByRole('button', { name: 'Add two-step verification' }).click();
    await page.getByRole('menuitem', { name: 'Authenticator application' }).click();
    await page.getByRole('button', { name: /scan QR code/ }).click();
    key = await page.getByRole('textbox').first().inputValue();
    await page.getByRole('button', { name: 'Continue' }).click();
    await enterCode(page, '000000');
    await expect(formError(page)).toContainText(/incorrect code/i);
    await enterCode(page, totp(key));
    await expect(page.getByText('Two-step verification is now enabled.')).toBeVisible();
    backupCodes = await page.getByText(/^[a-z0-9]{8}$/).allTextContents();
    expect(new Set(backupCodes).size).toBe(10);
    await page.getByRole('button', { name: 'Finish' }).click();
  });

  await test.step('its code is required after the password', async () => {
    const other = await (await newBrowser()).newPage();
    await enterPassword(other, account);
    await enterCode(other, '000000');
    await expect(formError(other)).toContainText(/incorrect code/i);
    await enterCode(other, nextCode(key));
    await expect(userButton(other)).toBeVisible();
  });

  await test.step('a backup code works instead, once', async () => {
    const [code] = backupCodes;
    const other = await (await newBrowser()).newPage();
    await enterBackupCode(other, account, code);
    await expect(userButton(other)).toBeVisible();

    const another = await (await newBrowser()).newPage();
    await enterBackupCode(another, account, code);
    await expect(formError(another)).toBeVisible();
    await expect(userButton(another)).toBeHidden();
  });

  await test.step('it is removed in the profile', async () => {
    await page.getByRole('button', { name: 'Open menu' }).first().click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(page.getByText('Authenticator application')).toBeHidden();
    const other = await (await newBrowser()).newPage();
    await enterPassword(other, account);
    await expect(userButton(other)).toBeVisible();
  });
});

async function enterPassword(page: Page, account: Account) {
  await page.goto('/sign-in');
  await enterIdentifier(page, account.email);
  const field = page.getByLabel('Password', { exact: true });
  await field.fill(account.password);
  await field.press('Enter');
}

async function enterBackupCode(page: Page, account: Account, code: string) {
  await enterPassword(page, account);
  await page.getByRole('link', { name: 'Use another method' }).click();
  await page.getByRole('button', { name: 'Use a backup code' }).click();
  await page.getByLabel('Backup code').fill(code);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
}
