import { userButton } from '../account';
import { expect, test } from '../fixtures';
import { settled } from '../page';

test.use({ seed: '[settings]\nsign_up_mode = "waitlist"\n' });

test('a visitor joins the waitlist, is invited and signs up', async ({ page, backend }) => {
  await page.goto('/sign-up');
  await settled(page);
  await page.getByRole('button', { name: 'Join waitlist' }).click();
  await expect(page).toHaveURL('/waitlist');
  const waitlist = page.locator('[data-clerk-component=waitlist]');
  await waitlist.getByLabel('Email address').fill('ada@example.com');
  await waitlist.getByRole('button', { name: 'Join the waitlist' }).click();
  await expect(waitlist.getByText('Thanks for joining')).toBeVisible();

  const { data: entries } = await backend.waitlistEntries.list();
  expect(entries.map(({ emailAddress, status }) => [emailAddress, status])).toEqual([['ada@example.com', 'pending']]);
  const { invitation } = await backend.waitlistEntries.invite(entries[0].id);
  await page.goto(invitation!.url!);
  const password = page.getByLabel('Password', { exact: true });
  await password.fill('correct horse battery');
  await password.press('Enter');
  await expect(userButton(page)).toBeVisible();
});
