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
