import { startSignedIn, userButton } from './account';
import { expect, test } from './fixtures';
import { settled } from './page';

test('clerk-js loads before the WebAssembly has arrived, and only once', async ({ page }) => {
  await startSignedIn(page);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  const loads: string[] = [];
  page.on('request', (request) => {
    if (/\/v1\/environment$/.test(new URL(request.url()).pathname)) loads.push(request.url());
  });

  await page.goto('/');
  await page.waitForFunction(() => (window as any).Clerk?.loaded);
  await expect(page.locator('.clerk-placeholder')).toHaveCount(1);

  release();
  await settled(page);
  await expect(userButton(page)).toBeVisible();
  expect(loads).toHaveLength(1);
});
