import { expect, type Page } from '@playwright/test';

/** Clerk's forms fade out beside the ones that replace them, so that a page has two of the same button for a while. */
export const reducedMotion = 'reduce';

/** The heading of the page. Clerk's components contain further headings of level 1. */
export const heading = (page: Page) => page.getByRole('main').getByRole('heading', { level: 1 }).first();

/** A link in the header. */
export const link = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name });

/** Waits until clerk-js is loaded and its components have replaced their placeholders. */
export async function settled(page: Page) {
  await page.waitForFunction(() => (window as any).Clerk?.loaded);
  await expect(page.locator('.clerk-placeholder')).toHaveCount(0);
}

/** Holds the WebAssembly of the app back until the returned function is called. */
export async function holdWasm(page: Page) {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  return release;
}

/** Mounts a component of Clerk's that no page of the app has, such as `OrganizationSwitcher`. */
export async function mount(page: Page, component: string) {
  await settled(page);
  await page.evaluate((component) => {
    const place = document.body.appendChild(document.createElement('div'));
    place.id = 'mounted';
    (window as any).Clerk[`mount${component}`](place);
  }, component);
  return page.locator('#mounted');
}

/** Opens a component of Clerk's in a dialog. */
export async function open(page: Page, component: string) {
  await settled(page);
  await page.evaluate((component) => (window as any).Clerk[`open${component}`](), component);
  return page.getByRole('dialog').last();
}

/**
 * The caller's auth object as the app's server sees it: the reply of `/api/me`. While clerk-js loads, it removes the cookie of a
 * development browser before it sets it again, and a request in between is nobody's.
 */
export async function whoAmI(page: Page) {
  await page.waitForFunction(() => (window as any).Clerk?.loaded);
  return page.evaluate(async () => (await fetch('/api/me')).json());
}

/** Makes clerk-js fetch a new session token, with the current claims. */
export const freshToken = (page: Page) =>
  page.evaluate(() => (window as any).Clerk.session.getToken({ skipCache: true }));
