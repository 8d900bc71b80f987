import { CODE, enterCode, formError, newAccount } from './account';
import { expect, test } from './fixtures';

test('a verification code may be tried five times; then a new one is needed', async ({ page, allow }) => {
  allow(/status of 4(22|29|00)/);
  const account = newAccount();
  await page.goto('/sign-up');
  await page.getByLabel('Email address').fill(account.email);
  const password = page.getByLabel('Password', { exact: true });
  await password.fill(account.password);
  await password.press('Enter');
  for (let attempt = 0; attempt < 5; attempt++) {
    await enterCode(page, '000000');
    await expect(formError(page)).toContainText(/incorrect code/i);
  }
  await enterCode(page, CODE);
  await expect(page.getByText(/too many failed attempts/i)).toBeVisible();
});
