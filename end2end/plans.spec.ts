import type { Page } from '@playwright/test';
import { startSignedIn } from './account';
import { expect, test } from './fixtures';
import { freshToken, link, whoAmI } from './page';

const plans = (page: Page) => page.locator('.cl-pricingTableCard');

test('the pricing table shows three plans when signed out', async ({ page }) => {
  await page.goto('/plans');
  await expect(plans(page)).toHaveCount(3);
});

test('the plans of the server become the pricing table, and nothing moves', async ({ page }) => {
  await page.addInitScript(() => {
    (window as any).shifts = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as any[]) (window as any).shifts += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  const response = await page.goto('/plans');
  expect(await response?.text()).toContain('<h2>Pro</h2>');
  await expect(plans(page)).toHaveCount(3);
  await expect(page.locator('.plan-cards')).toBeHidden();
  await page.waitForLoadState('networkidle');
  expect(await page.evaluate(() => (window as any).shifts)).toBe(0);
});

for (const width of [1280, 390]) {
  test.describe(`without JavaScript, ${width} px`, () => {
    test.use({ javaScriptEnabled: false, viewport: { width, height: 844 } });

    test('the plans are readable', async ({ page }) => {
      await page.goto('/plans');
      const cards = page.locator('.plan-cards > ul > li');
      await expect(cards).toHaveCount(3);
      await expect(cards.filter({ has: page.getByRole('heading', { name: 'Pro', exact: true }) })).toContainText(/\$\d+(\.\d+)? a month/);
      for (const card of await cards.all()) {
        const box = await card.boundingBox();
        expect(box && box.x + box.width).toBeLessThanOrEqual(width);
      }
    });
  });
}

test('a subscription takes effect immediately, in the page and in the token', async ({ page }) => {
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
  const claims = async () => (await whoAmI(page)).session_claims;
  await expect.poll(claims).toMatchObject({ pla: 'u:pro', fea: 'u:projects,u:export,u:analytics' });

  await test.step('it is cancelled in the profile, effective at the end of its period', async () => {
    await page.goto('/profile/billing');
    await page.getByRole('button', { name: 'Manage' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('button', { name: 'Cancel subscription' }).click();
    await drawer.getByRole('alertdialog').getByRole('button', { name: 'Cancel subscription' }).click();
    await expect(page.getByRole('row', { name: /^Pro .*Ends/ })).toBeVisible();
    await freshToken(page);
    expect(await claims()).toMatchObject({ pla: 'u:pro' });
  });
});
