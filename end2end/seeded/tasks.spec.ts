import { enterCode, enterIdentifier } from '../account';
import { expect, test } from '../fixtures';
import { heading, whoAmI } from '../page';
import { totp } from '../totp';

test.use({
  seed: `
[settings]
second_factor_required = true
force_organization_selection = true

[[users]]
first_name = "Ada"
email_addresses = ["ada@example.com"]
password = "analytical-engine"
`,
});

test('a session is pending until its tasks are completed', async ({ page, allow }) => {
  // The app's own API replies 401 while the session is pending.
  allow(/status of 401/);
  await page.goto('/profile');
  await enterIdentifier(page, 'ada@example.com');
  await page.getByLabel('Password', { exact: true }).fill('analytical-engine');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();

  await test.step('the app treats the session as signed out', async () => {
    await expect(page).toHaveURL(/\/sign-in\/tasks\/setup-mfa/);
    expect((await whoAmI(page)).user_id).toBeUndefined();
    await page.goto('/profile');
    await expect(page).toHaveURL(/\/sign-in\/tasks\/setup-mfa/);
  });

  await test.step('setting up a second factor', async () => {
    await page.getByRole('button', { name: /scan QR code/ }).click();
    const key = await page.getByRole('textbox').first().inputValue();
    await page.getByRole('button', { name: 'Continue' }).click();
    await enterCode(page, totp(key));
    await page.getByRole('button', { name: 'Continue' }).click();
  });

  await test.step('choosing an organization', async () => {
    await expect(page).toHaveURL(/\/sign-in\/tasks\/choose-organization/);
    await page.getByLabel('Name').fill('Acme');
    await page.getByRole('button', { name: 'Continue' }).click();
  });

  await expect(page).toHaveURL('/profile');
  await expect(heading(page)).toHaveText('Hello, Ada.');
  expect(await whoAmI(page)).toHaveProperty('user_id');
});
