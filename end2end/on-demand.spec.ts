import type { Page } from '@playwright/test';
import { startSignedIn } from './account';
import { expect, test } from './fixtures';
import { link, settled } from './page';

/** Clerk's scripts that the page has asked for. */
function scriptsOfClerk(page: Page) {
  const scripts: string[] = [];
  page.on('request', (request) => {
    if (/\/dist\/(clerk|ui)\.browser\.js$/.test(new URL(request.url()).pathname)) scripts.push(request.url());
  });
  return scripts;
}

for (const path of ['/', '/plans']) {
  test(`${path} loads clerk-js for a visitor who points at a link`, async ({ page }) => {
    // Keeps the page from loading it after three seconds, which a busy machine may take for the first steps.
    await page.addInitScript(() => {
      const { setTimeout } = window;
      window.setTimeout = ((run: TimerHandler, delay?: number, ...rest: unknown[]) => {
        if (delay === 3000) return ((window as any).isHeld = true);
        return setTimeout(run, delay, ...rest);
      }) as typeof setTimeout;
    });
    const scripts = scriptsOfClerk(page);
    await page.goto(path);
    await page.waitForFunction(() => (window as any).isHeld);
    expect(scripts).toEqual([]);
    await link(page, 'Plans').hover();
    await expect.poll(() => scripts.length).toBe(2);
    await settled(page);
    expect(scripts).toHaveLength(2);
  });
}

test('clerk-js comes by itself, and only once', async ({ page }) => {
  const scripts = scriptsOfClerk(page);
  await page.goto('/');
  await settled(page);
  expect(scripts).toHaveLength(2);
});

test('clerk-js does not wait for a visitor who is signed in, nor on the page of a form', async ({ page }) => {
  const waits = async (path: string) => /<script[^>]* data-clerk-src=/.test(await (await page.request.get(path)).text());
  expect(await waits('/')).toBe(true);
  expect(await waits('/sign-in')).toBe(false);
  await startSignedIn(page);
  expect(await waits('/')).toBe(false);
});
