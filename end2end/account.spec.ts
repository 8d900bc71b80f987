import { startSignedIn, userButton } from './account';
import { expect, test } from './fixtures';
import { heading } from './page';

test('the user button opens the account page and signs out', async ({ page }) => {
  const account = await startSignedIn(page);
  await page.goto('/plans');

  await userButton(page).click();
  await expect(page.getByText(account.email)).toBeVisible();
  await page.getByRole('button', { name: 'Manage account' }).click();
  await expect(page).toHaveURL('/profile');

  await userButton(page).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await expect(userButton(page)).toBeHidden();
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
});

test('a changed name is shown at once and rendered by the server', async ({ page }) => {
  await startSignedIn(page);
  await page.goto('/profile');
  await page.getByRole('button', { name: 'Update profile' }).click();
  await page.getByLabel('First name').fill('Augusta');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(heading(page)).toContainText('Augusta');

  await page.reload();
  await expect(heading(page)).toContainText('Augusta');
});

test('the security page of the profile has its own URL', async ({ page }) => {
  await startSignedIn(page);
  await page.goto('/profile');
  await page.getByRole('button', { name: 'Security' }).click();
  await expect(page).toHaveURL('/profile/security');
  await page.reload();
  await expect(page.getByText('Active devices')).toBeVisible();
});

test('the API accepts the session token as a bearer token', async ({ page }) => {
  await startSignedIn(page);
  await page.goto('/profile');
  const request = page.waitForRequest('**/api/me');
  await page.getByRole('button', { name: 'GET /api/me' }).click();
  expect((await request).headers().authorization).toMatch(/^Bearer eyJ/);

  const answer = page.getByRole('region', { name: 'Call the API' }).getByRole('status');
  await expect(answer).toContainText('"user_id":"user_');
  await expect(answer).not.toContainText('eyJ');
});
