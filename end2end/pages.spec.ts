import type { Page } from '@playwright/test';
import { startSignedIn } from './account';
import { expect, test } from './fixtures';
import { heading, settled } from './page';

const OPEN = ['/', '/plans', '/sign-in', '/sign-up'];

for (const path of OPEN) {
  test(`${path} is served signed out`, async ({ page }) => {
    const response = await page.goto(path);
    expect(response?.status()).toBe(200);
    await settled(page);
    await expect(heading(page)).toBeAttached();
  });
}

for (const path of ['/', '/plans', '/profile']) {
  test(`${path} is served signed in`, async ({ page }) => {
    await startSignedIn(page);
    const response = await page.goto(path);
    expect(response?.status()).toBe(200);
    await settled(page);
    await expect(heading(page)).toBeVisible();
  });
}

test('the home page shows the decision of the server and its reason', async ({ page }) => {
  await page.goto('/');
  await settled(page);
  await page.getByRole('button', { name: 'Ask the server again' }).click();
  const answer = page.getByRole('status');
  await expect(answer).toContainText('x-clerk-auth-status: signed-out');
  await expect(answer).toContainText('x-clerk-auth-reason: session-token-and-uat-missing');
  await expect(page.getByRole('group', { name: 'Source code' })).toContainText('pub fn Decision()');
});

test('an unknown path is a page with status 404', async ({ page, allow }) => {
  allow(/status of 404/);
  const response = await page.goto('/no/such/page');
  expect(response?.status()).toBe(404);
  await settled(page);
  await expect(heading(page)).toHaveText('Page not found');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });

  test('no page scrolls horizontally when signed in', async ({ page }) => {
    await startSignedIn(page);
    for (const path of ['/', '/plans', '/profile']) {
      await page.goto(path);
      await settled(page);
      expect(await overflow(page), path).toBe(0);
    }
  });

  test('no page scrolls horizontally when signed out', async ({ page }) => {
    for (const path of OPEN) {
      await page.goto(path);
      await settled(page);
      expect(await overflow(page), path).toBe(0);
    }
  });
});

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
