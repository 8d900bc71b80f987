import { CODE, enterCode, enterIdentifier, userButton } from '../account';
import { expect, test } from '../fixtures';

test.use({
  seed: `
    [settings]
    code_lifetime = 0

    [[users]]
    email_addresses = ["ada@example.com"]
    password = "correct horse battery"
  `,
});

test('an expired code is reported', async ({ page, allow }) => {
  allow(/status of 4(00|22)/);
  await page.goto('/sign-in');
  await enterIdentifier(page, 'ada@example.com');
  await page.getByRole('link', { name: 'Use another method' }).click();
  await page.getByRole('button', { name: /Email code to/ }).click();
  await enterCode(page, CODE);
  await expect(page.getByText('This verification has expired.')).toBeVisible();
  await expect(userButton(page)).toBeHidden();
});
