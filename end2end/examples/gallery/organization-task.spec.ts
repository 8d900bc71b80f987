import { expect, expectShown, signInAs, test } from './gallery';

test.use({ settings: 'force_organization_selection = true' });

test('TaskChooseOrganization leads where the app says', async ({ page, allow }) => {
  allow(/pending tasks but no handling/);
  await signInAs(page, 'ada');
  await page.goto('/task-choose-organization');
  await expectShown(page, 'task-choose-organization');
  await page.getByText('Acme', { exact: true }).click();
  await expect(page).toHaveURL('/');
  await page.goto('/show');
  await expect(page.locator('#role')).toHaveText('yes');
});
