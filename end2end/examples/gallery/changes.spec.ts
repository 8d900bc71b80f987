import { expect, loaded, test } from './gallery';

test('set_localization and set_appearance change what is mounted, and keep it', async ({ page }) => {
  await page.goto('/set-localization');
  await loaded(page);
  const html = page.locator('html');
  const title = page.locator('.cl-headerTitle');
  const email = page.getByLabel('Email address');
  await expect(title).toHaveText(/^Sign in to/);
  await expect(html).toHaveAttribute('lang', 'en');
  await email.fill('ada@example.com');
  const form = await page.locator('.cl-signIn-root').elementHandle();

  await page.getByRole('button', { name: 'Arabic' }).click();
  await expect(title).toHaveText('مرحبا');
  await expect(html).toHaveAttribute('lang', 'ar-SA');
  await expect(html).toHaveAttribute('dir', 'rtl');
  await page.getByRole('button', { name: 'German' }).click();
  await expect(title).toHaveText('Willkommen');
  await expect(html).toHaveAttribute('lang', 'de-DE');
  await expect(html).toHaveAttribute('dir', 'ltr');

  await expect(title).not.toHaveCSS('color', 'rgb(200, 0, 0)');
  await page.getByRole('button', { name: 'Red' }).click();
  await expect(title).toHaveCSS('color', 'rgb(200, 0, 0)');
  // The language stays.
  await expect(title).toHaveText('Willkommen');

  // The component was neither mounted again nor the page loaded.
  expect(await form?.evaluate((element) => element.isConnected)).toBe(true);
  await expect(email).toHaveValue('ada@example.com');
  await expect(page.locator('.cl-signIn-root')).toHaveCount(1);
});
