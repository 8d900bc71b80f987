import { newAccount, signUp, userButton } from './account';
import { test } from './fixtures';
import { settled } from './page';

/** Takes screenshots of every page, for people to look at: `make screenshots`. Not part of `make test`. */
for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    test.describe(`${colorScheme} ${width}`, () => {
      test.use({ colorScheme, viewport: { width, height: width === 390 ? 844 : 800 } });

      test('screenshots', async ({ page, allow }) => {
        allow(/status of 404/);
        const screenshot = async (name: string, path?: string) => {
          if (path) await page.goto(path);
          await settled(page);
          await page.waitForLoadState('networkidle');
          await page.screenshot({
            path: `${__dirname}/screenshots/${name}-${colorScheme}-${width}.png`,
            fullPage: true,
            animations: 'disabled',
          });
        };
        await screenshot('home', '/');
        await screenshot('plans', '/plans');
        await screenshot('sign-in', '/sign-in');
        await screenshot('sign-up', '/sign-up');
        await screenshot('not-found', '/no/such/page');
        await signUp(page, { ...newAccount(), lastName: 'Lovelace' });
        await screenshot('home-signed-in', '/');
        await screenshot('plans-signed-in', '/plans');
        await screenshot('profile', '/profile');
        await userButton(page).click();
        await screenshot('user-menu');
      });
    });
  }
}
