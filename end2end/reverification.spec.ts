import { CODE, enterCode, formError, startSignedIn } from './account';
import { expect, test } from './fixtures';
import { settled } from './page';

test('a sensitive action requires reverification', async ({ page, allow }) => {
  allow(/status of 4(03|22)/);
  const account = await startSignedIn(page);
  // As if the sign-in were more than ten minutes old.
  await page.route('**/v1/me/email_addresses**', (route) => route.fulfill(reverificationRequired), { times: 1 });
  await page.goto('/profile');
  await settled(page);
  await page.getByRole('button', { name: 'Add email address' }).click();
  await page.getByLabel('Email address').fill(`work.${account.email}`);
  await page.getByLabel('Email address').press('Enter');

  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password', { exact: true }).fill('a wrong password');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(formError(page)).toContainText('Password is incorrect');
  await dialog.getByLabel('Password', { exact: true }).fill(account.password);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog).toBeHidden();
  await enterCode(page, CODE);
  await expect(page.getByText(`work.${account.email}`, { exact: true })).toBeVisible();
  await expect(page.getByLabel('Enter verification code')).toBeHidden();
});

const reverificationRequired = {
  status: 403,
  json: {
    errors: [{ code: 'session_reverification_required', message: '', long_message: '', meta: {} }],
    clerk_trace_id: '',
  },
};
