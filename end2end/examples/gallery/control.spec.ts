import { expect, loaded, signInAs, test } from './gallery';

test.describe('Show', () => {
  const conditions = ['signed-in', 'signed-out', 'role', 'permission', 'feature', 'plan', 'check', 'predicate', 'pending'];

  /** The conditions that the server says are met. */
  const met = (html: string) => conditions.filter((id) => new RegExp(`<dd id="${id}">(?:<!--.*?-->)*yes`).test(html));

  const visitors = {
    nobody: ['signed-out'],
    member: ['signed-in', 'predicate', 'pending'],
    // Without a permission: tokens list those of one's own only, which the local Clerk does not have.
    admin: ['signed-in', 'role', 'feature', 'plan', 'check', 'predicate', 'pending'],
  };

  for (const [visitor, expected] of Object.entries(visitors)) {
    test(`decides for ${visitor} in the first byte, and stays so in the browser`, async ({ page }) => {
      if (visitor !== 'nobody') await signInAs(page, visitor === 'admin' ? 'ada' : 'grace', 'acme');
      expect(met(await (await page.request.get('/show')).text())).toEqual(expected);
      // Everything that the page ever shows.
      await page.addInitScript((conditions) => {
        const seen = ((window as any).seen = new Set<string>());
        const look = () => {
          for (const id of conditions) seen.add(`${id}: ${document.getElementById(id)?.textContent}`);
        };
        new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
      }, conditions);
      await page.goto('/show');
      await loaded(page);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
      const seen = await page.evaluate(() => [...((window as any).seen as Set<string>)]);
      for (const id of conditions) {
        const wrong = expected.includes(id) ? 'no' : 'yes';
        expect(seen, id).not.toContain(`${id}: ${wrong}`);
        await expect(page.locator(`#${id}`)).toHaveText(expected.includes(id) ? 'yes' : 'no');
      }
    });
  }
});

test('ClerkLoading, ClerkLoaded and ClerkFailed', async ({ page, allow }) => {
  const main = page.getByRole('main');
  expect(await (await page.request.get('/loading')).text()).toMatch(/<main>(<!--.*?-->)*loading/);
  await page.goto('/loading');
  await expect(main).toHaveText('loaded');
  allow(/net::ERR_|Clerk could not be loaded/);
  await page.route(/\/npm\/@clerk\//, (route) => route.abort());
  await page.goto('/loading');
  await expect(main).toHaveText('failed');
});

test('ClerkDegraded', async ({ page, allow }) => {
  allow(/net::ERR_|status of 500|Clerk/);
  await signInAs(page, 'ada');
  await page.route(/\/v1\/(client|environment)\b/, (route) => route.fulfill({ status: 500, json: { errors: [] } }));
  await page.goto('/loading');
  await expect(page.getByRole('main')).toHaveText('loaded, degraded');
});

test("the router's guard keeps path and query", async ({ page }) => {
  await page.goto('/buttons');
  await loaded(page);
  await page.getByRole('link', { name: 'Protected' }).click();
  await expect(page).toHaveURL('/sign-in?redirect_url=%2Fprotected%3Ftab%3D2');
});

test('redirects', async ({ page, allow }) => {
  allow(/requires an active user session/);
  await test.step('by the server', async () => {
    await page.goto('/');
    await loaded(page);
    const accept = { accept: 'text/html' };
    for (const [path, expected] of [
      ['/redirect-to-sign-in?tab=2', '/sign-in?redirect_url=/redirect-to-sign-in?tab=2'],
      ['/redirect-to-sign-up', '/sign-up?redirect_url=/show&sign_up_force_redirect_url=/buttons'],
    ]) {
      const response = await page.request.get(path, { maxRedirects: 0, headers: accept });
      expect(response.status(), path).toBe(302);
      expect(decodeURIComponent(response.headers().location)).toBe(expected);
    }
  });

  await test.step('in the browser', async () => {
    for (const [path, expected] of [
      ['redirect-to-sign-in', /\/sign-in\?redirect_url=%2Fredirect-to-sign-in$/],
      ['redirect-to-sign-up', /\/sign-up\?redirect_url=%2Fshow&/],
      ['redirect-to-user-profile', /\/profile$/],
      ['redirect-to-organization-profile', /\/organization$/],
      ['redirect-to-create-organization', /\/create-organization$/],
    ] as const) {
      await page.goto('/');
      await loaded(page);
      await page.getByRole('link', { name: path, exact: true }).click();
      await expect(page).toHaveURL(expected);
    }
  });
});
