import { createClerkClient, type ClerkClient } from '@clerk/backend';
import type { Page } from '@playwright/test';
import { resolve } from 'node:path';
import { expect, test as base } from '../../fixtures';
import { root, start, startLocalClerk } from '../../server';

export { expect };

const example = resolve(root, 'crates/leptos-clerk/examples/gallery');
const binary = resolve(root, process.env.GALLERY ?? 'target/release/gallery');
const site = resolve(root, process.env.GALLERY_SITE ?? `${example}/target/site`);

export const PASSWORD = 'analytical-engine';

const seed = (settings: string) => `
[settings]
${settings}

[features]
projects = { name = "Projects" }

[[plans]]
slug = "free_user"
name = "Free"

[[plans]]
slug = "pro"
name = "Pro"
monthly = 1200
features = ["projects"]

[[plans]]
slug = "free_org"
name = "Free"
payer = "organization"

[[plans]]
slug = "team"
name = "Team"
payer = "organization"
monthly = 9900

[[users]]
first_name = "Ada"
last_name = "Lovelace"
email_addresses = ["ada@example.com"]
password = "${PASSWORD}"
plan = "pro"

[[users]]
first_name = "Grace"
last_name = "Hopper"
email_addresses = ["grace@example.com"]
password = "${PASSWORD}"
`;

const acme = `
[[organizations]]
name = "Acme"
slug = "acme"
members = [{ user = "ada@example.com", role = "org:admin" }, { user = "grace@example.com", role = "org:member" }]
`;

type Options = {
  /** The settings of the local Clerk, in TOML. */
  settings: string;
};

type Gallery = { url: string; backend: ClerkClient; mailbox: string };

/** The gallery. Every test has a local Clerk of its own, since they all sign in as the same two users. */
export const test = base.extend<{ gallery: Gallery }, Options>({
  settings: ['api_keys = true\norganization_domains = true', { option: true, scope: 'worker' }],

  gallery: async ({ instance, settings }, use) => {
    const clerk = await startLocalClerk(instance, seed(settings) + (/^organizations = false/m.test(settings) ? '' : acme));
    const env = {
      ...clerk.environment,
      CLERK_PROXY_URL: '/__clerk',
      LEPTOS_SITE_ADDR: '127.0.0.1:0',
      LEPTOS_SITE_ROOT: site,
      LEPTOS_HASH_FILES: 'false',
    };
    const app = await start(binary, [], env, /^listening/);
    const { CLERK_SECRET_KEY: secretKey, CLERK_API_URL: apiUrl } = clerk.environment;
    await use({
      url: app.lines[0].replace('listening on ', ''),
      backend: createClerkClient({ secretKey, apiUrl }),
      mailbox: new URL(apiUrl).origin,
    });
    await app.stop();
    await clerk.stop();
  },

  baseURL: async ({ gallery }, use) => use(gallery.url),

  allow: async ({ allow }, use) => {
    allow(/development keys/);
    await use(allow);
  },

  // Every page warns about them.
  page: async ({ page, allow: _ }, use) => use(page),
});

export const loaded = (page: Page) => page.waitForFunction(() => (window as any).Clerk?.loaded);

/** Signs in through the API of clerk-js, and makes the organization active. */
export async function signInAs(page: Page, name: 'ada' | 'grace', organization?: string) {
  await page.goto('/');
  await loaded(page);
  await page.evaluate(
    async ({ identifier, password, organization }) => {
      const clerk = (window as any).Clerk;
      const { createdSessionId } = await clerk.client.signIn.create({ identifier, password });
      await clerk.setActive({ session: createdSessionId, organization });
      await clerk.session.getToken({ skipCache: true });
    },
    { identifier: `${name}@example.com`, password: PASSWORD, organization },
  );
}

/** The place of a component. */
export const component = (page: Page, element: string) => page.locator(`[data-clerk-component="${element}"]`);

/** Expects a component of Clerk's to be there, in place of its fallback. */
export async function expectShown(page: Page, element: string) {
  const place = component(page, element);
  await expect(place.locator('[class*="cl-"]').locator('visible=true').first()).toBeVisible();
  await expect(place.locator('.fallback')).toHaveCount(0);
}

/** Opens a page from the list of all, by the router in the browser. */
export async function navigate(page: Page, path: string) {
  await page.goto('/');
  await loaded(page);
  await page.getByRole('link', { name: path, exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/${path}([/?#]|$)`));
}

/** Expects each component to be there, in a page from the server and after a navigation in the browser. */
export async function expectEachShown(page: Page, elements: string[]) {
  for (const element of elements) {
    await test.step(element, async () => {
      const response = await page.goto(`/${element}`);
      expect(await response?.text()).toContain('Not here yet.');
      await expectShown(page, element);
      await navigate(page, element);
      await expectShown(page, element);
      await page.getByRole('link', { name: 'All components' }).click();
      await expect(component(page, element)).toHaveCount(0);
    });
  }
}
