import { startSignedIn, userButton } from './account';
import { expect, test } from './fixtures';
import { link, settled } from './page';

test('fifty client-side navigations leak no elements', async ({ page }) => {
  await startSignedIn(page);
  await page.goto('/');
  await page.evaluate(() => void ((window as any).sameDocument = true));
  const visit = async (name: string, landmark: string) => {
    await link(page, name).click();
    await expect(page.locator(landmark).first()).toBeVisible();
  };
  const size = () =>
    page.evaluate(() => ({
      mounts: document.querySelectorAll('.cl-rootBox, .cl-userButtonBox').length,
      elements: document.querySelectorAll('body *').length,
      styles: document.querySelectorAll('style').length,
    }));
  const round = async () => {
    await visit('Plans', '.cl-pricingTableCard');
    await visit('Profile', '.cl-profilePage');
    await visit('Home', '.hero');
    await expect(userButton(page)).toBeVisible();
  };

  // The first round loads what Clerk keeps permanently.
  await round();
  const before = await size();
  for (let visits = 3; visits < 50; visits += 3) await round();

  await expect.poll(size).toEqual(before);
  expect(await page.evaluate(() => (window as any).sameDocument)).toBe(true);
});

test('signed out, the link to the profile leads to the sign-in form without showing the profile', async ({ page }) => {
  await page.goto('/');
  await settled(page);
  await page.evaluate(() => {
    const seen: string[] = ((window as any).seen = []);
    const look = () => seen.push(document.querySelector('h1')?.textContent ?? '');
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  await link(page, 'Profile').click();
  await expect(page).toHaveURL(/\/sign-in\?redirect_url=/);
  await expect(page.getByLabel('Email address')).toBeVisible();
  const seen = await page.evaluate(() => (window as any).seen as string[]);
  expect(seen.filter((heading) => heading.startsWith('Hello'))).toEqual([]);
});

test('back and forward', async ({ page }) => {
  await page.goto('/');
  await link(page, 'Plans').click();
  await expect(page.locator('.cl-pricingTableCard')).toHaveCount(3);
  await page.goBack();
  await expect(page.locator('.hero')).toBeVisible();
  await page.goForward();
  await expect(page.locator('.cl-pricingTableCard')).toHaveCount(3);
});

test('the header switches between the forms', async ({ page }) => {
  await page.goto('/sign-in');
  await settled(page);
  const account = page.getByRole('banner');
  for (let round = 0; round < 3; round++) {
    await account.getByRole('link', { name: 'Sign up' }).click();
    await expect(page.getByLabel('First name')).toBeVisible();
    await account.getByRole('link', { name: 'Sign in' }).click();
    await expect(page.getByLabel('First name')).toBeHidden();
    await expect(page.getByLabel('Email address')).toBeVisible();
  }
});
