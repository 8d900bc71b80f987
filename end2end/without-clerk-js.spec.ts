import { expect, test } from './fixtures';
import { heading, link } from './page';

test('without clerk-js the page stays usable and offers to retry', async ({ page, allow }) => {
  allow(/net::ERR_|Clerk could not be loaded/);
  const scripts = /\/npm\/@clerk\//;
  await page.route(scripts, (route) => route.abort());
  await page.goto('/');
  const alert = page.getByRole('alert');
  await expect(alert).toBeVisible();

  await link(page, 'Plans').click();
  await expect(heading(page)).toHaveText('Plans');

  await page.unroute(scripts);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(page.locator('.cl-pricingTableCard')).toHaveCount(3);
  await expect(alert).toBeHidden();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('pages say what needs JavaScript, and links work', async ({ page }) => {
    await page.goto('/');
    await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).click();
    await expect(page.getByText('Signing in needs JavaScript.')).toBeVisible();
  });
});
