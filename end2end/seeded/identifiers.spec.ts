import type { Page } from '@playwright/test';
import { CODE, enterCode, userButton } from '../account';
import { expect, test } from '../fixtures';
import { settled, whoAmI } from '../page';

test.use({
  seed: `
    [settings]
    email_address = "off"
    phone_number = "required"
    username = "required"
    second_factors = ["phone_code", "backup_code"]
  `,
});

const user = { username: 'ada_l', phone: '2015550123', password: 'correct horse battery' };

test('username and phone number as identifiers, and a phone number as second factor', async ({ page }) => {
  await test.step('sign-up requires both and sends a code to the number', async () => {
    await page.goto('/sign-up');
    await page.getByLabel('Username').fill(user.username);
    await page.getByLabel('Phone number').fill(user.phone);
    const password = page.getByLabel('Password', { exact: true });
    await password.fill(user.password);
    await password.press('Enter');
    await enterCode(page, CODE);
    await expect(userButton(page)).toBeVisible();
  });
  const { user_id: id } = await whoAmI(page);

  await test.step('sign-in with username and password', async () => {
    await signOut(page);
    await signIn(page);
    await expect(userButton(page)).toBeVisible();
    expect((await whoAmI(page)).user_id).toBe(id);
  });

  await test.step('sign-in with a code sent to the number', async () => {
    await signOut(page);
    await page.getByLabel('Phone number').fill(user.phone);
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
    await page.getByRole('link', { name: 'Use another method' }).click();
    await page.getByRole('button', { name: /SMS code/ }).click();
    await enterCode(page, CODE);
    await expect(userButton(page)).toBeVisible();
  });

  await test.step('another number becomes the second factor, and the username is changed', async () => {
    await page.goto('/profile');
    await page.getByRole('button', { name: 'Update username' }).click();
    await page.getByLabel('Username').fill('ada_lovelace');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('ada_lovelace', { exact: true }).first()).toBeVisible();
    await page.getByRole('button', { name: 'Security' }).click();
    await page.getByRole('button', { name: 'Add two-step verification' }).click();
    await page.getByRole('menuitem', { name: /SMS/ }).click();
    await page.getByRole('button', { name: 'Add phone number' }).click();
    await page.getByRole('textbox', { name: 'Phone number' }).fill('2015550124');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await enterCode(page, CODE);
    await expect(page.getByText(/SMS code verification enabled/i)).toBeVisible();
    await page.getByRole('button', { name: 'Finish' }).click();
  });

  await test.step('sign-in then requires the second factor', async () => {
    await signOut(page);
    await signIn(page, 'ada_lovelace');
    await enterCode(page, CODE);
    await expect(userButton(page)).toBeVisible();
  });
});

async function signIn(page: Page, username = user.username) {
  await page.getByRole('link', { name: 'Use username' }).click();
  await page.getByLabel('Username').fill(username);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.getByLabel('Password', { exact: true }).fill(user.password);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
}

async function signOut(page: Page) {
  await page.evaluate(() => (window as any).Clerk.signOut(() => {}));
  await page.goto('/sign-in');
  await settled(page);
}
