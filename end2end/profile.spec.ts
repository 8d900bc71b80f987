import { startSignedIn } from './account';
import { expect, test } from './fixtures';
import { settled, whoAmI } from './page';

test('the organization switcher decides for whom the user acts', async ({ page }) => {
  await startSignedIn(page);
  await page.goto('/profile');
  await settled(page);
  await page.evaluate(async () => {
    const clerk = (window as any).Clerk;
    await clerk.setActive({ organization: await clerk.createOrganization({ name: 'Engines' }) });
  });
  const switcher = page.getByRole('main').getByRole('button', { name: 'Open organization switcher' });
  await expect(switcher).toContainText('Engines');
  await switcher.click();
  await page.getByRole('button', { name: /Personal account$/ }).click();
  await expect(switcher).toContainText('Personal account');
  expect((await whoAmI(page)).org_id).toBeNull();
});
