import type { Page } from '@playwright/test';
import { startSignedIn, startSignedInAs } from './account';
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

const background = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

const saved = (page: Page) => page.getByRole('status').filter({ hasText: 'Saved.' });

test('the color scheme that the user chooses applies at once and on the next page', async ({ page, backend }) => {
  await startSignedIn(page);
  await page.goto('/profile');
  await settled(page);
  const light = await background(page);
  await page.getByRole('combobox', { name: 'Colors' }).selectOption('Dark');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(saved(page)).toBeVisible();
  await expect.poll(() => background(page)).not.toBe(light);
  const { user_id: id } = await whoAmI(page);
  expect((await backend.users.getUser(id)).publicMetadata).toEqual({ color_scheme: 'dark' });

  // The document itself, before any script runs.
  const document = await page.reload();
  expect(await document!.text()).toMatch(/<html[^>]* data-color-scheme="dark"/);
  expect(await background(page)).not.toBe(light);
  await expect(page.getByRole('combobox', { name: 'Colors' })).toHaveValue('dark');

  await settled(page);
  await page.evaluate(() => (window as any).Clerk.signOut());
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
  await expect.poll(() => background(page)).toBe(light);
});

test('without JavaScript, the color scheme is saved by the form alone', async ({ page, context, newBrowser }) => {
  await startSignedIn(page);
  const withoutScripts = await newBrowser({ javaScriptEnabled: false, storageState: await context.storageState() });
  const plain = await withoutScripts.newPage();
  await plain.goto('/profile');
  await plain.getByRole('combobox', { name: 'Colors' }).selectOption('Dark');
  await plain.getByRole('button', { name: 'Apply' }).click();
  await expect(plain.locator('html')).toHaveAttribute('data-color-scheme', 'dark');
  await expect(plain).toHaveURL('/profile');
  await expect(plain.getByRole('combobox', { name: 'Colors' })).toHaveValue('dark');
});

test('another device is signed out from the profile', async ({ page, newBrowser }) => {
  const account = await startSignedIn(page);
  const elsewhere = await (await newBrowser()).newPage();
  await startSignedInAs(elsewhere, account);
  await page.goto('/profile');
  await settled(page);
  const devices = page.getByRole('region', { name: 'Devices' }).getByRole('listitem');
  await expect(devices).toHaveCount(2);
  await expect(devices.first()).toContainText('This device');
  await devices.getByRole('button', { name: 'Sign out there' }).click();
  await expect(page.getByText('Signed out there.')).toBeVisible();
  await expect(devices).toHaveCount(1);
  await elsewhere.goto('/profile');
  await expect(elsewhere).toHaveURL(/\/sign-in/);
});

test('signing out in another tab closes the open form, which works again after signing in there', async ({ page, context }) => {
  const account = await startSignedIn(page);
  await page.goto('/profile');
  await settled(page);
  await page.getByRole('combobox', { name: 'Colors' }).selectOption('Dark');
  const other = await context.newPage();
  await other.goto('/');
  await settled(other);
  await other.evaluate(() => (window as any).Clerk.signOut());
  await expect(page).toHaveURL(/\/sign-in.*profile/);

  await startSignedInAs(other, account);
  await page.goto('/profile');
  await settled(page);
  await page.getByRole('combobox', { name: 'Colors' }).selectOption('Dark');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(saved(page)).toBeVisible();
});
