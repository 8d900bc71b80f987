import type { Page } from '@playwright/test';
import { startSignedIn } from './account';
import { expect, test } from './fixtures';
import { link } from './page';

const plans = (page: Page) => page.locator('.cl-pricingTableCard');

test('everybody sees three plans', async ({ page }) => {
  await page.goto('/plans');
  await expect(plans(page)).toHaveCount(3);
});

test('a subscription takes effect at once, in the page and in the token', async ({ page }) => {
  await startSignedIn(page);
  await page.goto('/plans');
  const pro = plans(page).filter({ has: page.getByRole('heading', { name: 'Pro' }) });
  await pro.getByRole('button', { name: 'Subscribe' }).click();
  const checkout = page.getByRole('dialog');
  await checkout.getByRole('button', { name: /^(Subscribe|Pay)/ }).click();
  await expect(checkout.getByRole('heading', { name: 'Payment was successful!' })).toBeVisible();
  await checkout.getByRole('button', { name: 'Continue' }).click();
  await expect(page).toHaveURL('/');

  await link(page, 'Plans').click();
  await expect(pro.getByText('Active')).toBeVisible();
  const plan = () => page.evaluate(() => (window as any).Clerk.session.lastActiveToken.jwt.claims.pla);
  await expect.poll(plan).toBe('u:pro');
});
