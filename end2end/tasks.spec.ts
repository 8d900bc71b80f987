import { enterIdentifier, startSignedIn, userButton } from './account';
import { expect, test } from './fixtures';
import { whoAmI } from './page';

test('a compromised password must be replaced after signing in', async ({ page, newBrowser, backend }) => {
  const account = await startSignedIn(page);
  const { user_id: userId } = await whoAmI(page);
  await backend.users.setPasswordCompromised(userId);

  const other = await (await newBrowser()).newPage();
  await other.goto('/sign-in');
  await enterIdentifier(other, account.email);
  await other.getByLabel('Password', { exact: true }).fill(account.password);
  await other.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(other).toHaveURL(/\/sign-in\/tasks\/reset-password/);
  await other.getByLabel('New password').fill(`${account.password} anew`);
  await other.getByLabel('Confirm password').fill(`${account.password} anew`);
  await other.getByRole('button', { name: 'Reset password' }).click();
  await expect(userButton(other)).toBeVisible();
  expect((await whoAmI(other)).user_id).toBe(userId);
});
