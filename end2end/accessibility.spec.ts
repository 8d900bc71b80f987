import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { startSignedIn, userButton } from './account';
import { expect, test } from './fixtures';
import { settled } from './page';

/** What axe reports of the page, but for what is inside of Clerk's own components. */
async function violations(page: Page) {
  await settled(page);
  await page.waitForLoadState('networkidle');
  const { violations } = await new AxeBuilder({ page }).exclude('[class^="cl-"]').analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 844 } });

      test('no page has barriers', async ({ page, allow }) => {
        allow(/status of 404/);
        for (const path of ['/', '/plans', '/sign-in', '/sign-up', '/waitlist', '/no/such/page']) {
          await page.goto(path);
          expect(await violations(page), path).toEqual([]);
        }
        await startSignedIn(page);
        for (const path of ['/', '/plans', '/profile', '/profile/security']) {
          await page.goto(path);
          expect(await violations(page), `${path}, signed in`).toEqual([]);
        }
        await userButton(page).click();
        expect(await violations(page), 'the menu').toEqual([]);
      });
    });
  }
}

test('the message that clerk-js could not be loaded has no barriers', async ({ page, allow }) => {
  allow(/net::ERR_|Clerk could not be loaded/);
  await page.route(/\/npm\/@clerk\//, (route) => route.abort());
  await page.goto('/');
  await expect(page.getByRole('alert')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});
