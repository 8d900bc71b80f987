import { expect, type Page } from '@playwright/test';

/** The page's own heading; Clerk's components bring more of level 1. */
export const heading = (page: Page) => page.getByRole('main').getByRole('heading', { level: 1 }).first();

/** The links of the header. */
export const link = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name });

/** Waits until the page has come alive: Clerk is loaded and takes its places. */
export async function settled(page: Page) {
  await page.waitForFunction(() => (window as any).Clerk?.loaded);
  await expect(page.locator('.clerk-placeholder')).toHaveCount(0);
}

/** Shows a component of Clerk's that none of the app's pages has, such as `OrganizationSwitcher`. */
export async function mount(page: Page, component: string) {
  await settled(page);
  await page.evaluate((component) => {
    const place = document.body.appendChild(document.createElement('div'));
    place.id = 'mounted';
    (window as any).Clerk[`mount${component}`](place);
  }, component);
  return page.locator('#mounted');
}

/** Opens such a component in a dialog. */
export async function open(page: Page, component: string) {
  await settled(page);
  await page.evaluate((component) => (window as any).Clerk[`open${component}`](), component);
  return page.getByRole('dialog').last();
}

/** What the app's server makes of the session token: the answer of `/api/me`. */
export const whoAmI = (page: Page) => page.evaluate(async () => (await fetch('/api/me')).json());

/** Has clerk-js fetch a session token that knows of everything that has changed since the last one. */
export const freshToken = (page: Page) =>
  page.evaluate(() => (window as any).Clerk.session.getToken({ skipCache: true }));
