import { startSignedIn, userButton } from './account';
import { expect, test } from './fixtures';
import { holdWasm, settled } from './page';

test('clerk-js and its components do not wait for the WebAssembly, and start only once', async ({ page }) => {
  await startSignedIn(page);
  const release = await holdWasm(page);
  const loads: string[] = [];
  page.on('request', (request) => {
    if (/\/v1\/environment$/.test(new URL(request.url()).pathname)) loads.push(request.url());
  });

  await page.goto('/');
  await expect(userButton(page)).toBeVisible();
  // The placeholder is there for hydration, which expects what the server rendered.
  await expect(page.locator('.clerk-placeholder')).toHaveCount(1);
  await expect(page.locator('.clerk-placeholder')).toBeHidden();
  const button = await userButton(page).elementHandle();

  release();
  await settled(page);
  await expect(userButton(page)).toHaveCount(1);
  expect(await button?.evaluate((element) => element.isConnected)).toBe(true);
  expect(loads).toHaveLength(1);

  // The app has adopted the component: it goes away with its place.
  await userButton(page).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
  await expect(userButton(page)).toHaveCount(0);
});

test('what is typed into a form before hydration stays', async ({ page }) => {
  const release = await holdWasm(page);
  await page.goto('/sign-in');
  const email = page.getByLabel('Email address');
  await email.fill('ada@example.com');
  release();
  await settled(page);
  await expect(email).toHaveValue('ada@example.com');
  await expect(page.locator('.cl-signIn-root')).toHaveCount(1);

  // The next page unmounts it, and gets a component of its own.
  await page.getByRole('link', { name: 'Plans' }).click();
  await expect(page.locator('.cl-signIn-root')).toHaveCount(0);
  await expect(page.locator('.cl-pricingTable')).toBeVisible();
});
