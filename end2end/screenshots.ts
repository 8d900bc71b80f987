import { newAccount, signUp, userButton } from './account';
import { test } from './fixtures';
import { settled } from './page';

/** Pictures of every page, to be looked at: `make screenshots`. No part of `make test`. */
for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    test.describe(`${colorScheme} ${width}`, () => {
      test.use({ colorScheme, viewport: { width, height: width === 390 ? 844 : 800 } });

      test('pictures', async ({ page, allow }) => {
        allow(/status of 404/);
        const picture = async (name: string, path?: string) => {
          if (path) await page.goto(path);
          await settled(page);
          await page.waitForLoadState('networkidle');
          await page.screenshot({
            path: `${__dirname}/screenshots/${name}-${colorScheme}-${width}.png`,
            fullPage: true,
            animations: 'disabled',
          });
        };
        await picture('home', '/');
        await picture('plans', '/plans');
        await picture('sign-in', '/sign-in');
        await picture('sign-up', '/sign-up');
        await picture('not-found', '/no/such/page');
        await signUp(page, { ...newAccount(), lastName: 'Lovelace' });
        await picture('home-signed-in', '/');
        await picture('plans-signed-in', '/plans');
        await picture('profile', '/profile');
        await userButton(page).click();
        await picture('user-menu');
      });
    });
  }
}
