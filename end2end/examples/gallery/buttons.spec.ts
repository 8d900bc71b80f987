import { expect, loaded, PASSWORD, signInAs, test } from './gallery';

const href = (html: string, text: string) =>
  html.match(new RegExp(`href="([^"]*)"[^>]*>(?:<!--.*?-->)*${text}<`))?.[1].replaceAll('&amp;', '&');

test('links keep path and query, but no token of Clerk, and follow the navigation', async ({ page }) => {
  const html = await (await page.request.get('/buttons?tab=1&__clerk_db_jwt=dvb_secret')).text();
  const back = (text: string) => new URL(href(html, text) ?? '', 'http://app').searchParams.get('redirect_url');
  expect(back('Sign in')).toBe('/buttons?tab=1');
  expect(back('Sign up')).toBe('/buttons?tab=1');
  expect(href(html, 'Sign up')).toMatch(/^\/sign-up\?/);
  expect(html).not.toContain('dvb_secret');

  await page.goto('/buttons?tab=1');
  await loaded(page);
  const link = page.getByRole('link', { name: 'Sign in', exact: true });
  await page.getByRole('link', { name: 'The second tab' }).click();
  await expect(link).toHaveAttribute('href', '/sign-in?redirect_url=%2Fbuttons%3Ftab%3D2');
  await link.click();
  await page.getByLabel('Email address').fill('ada@example.com');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(page).toHaveURL('/buttons?tab=2');
  await expect(page.getByRole('button', { name: 'Sign out', exact: true })).toBeVisible();
});

test('links carry redirects and initial values', async ({ page }) => {
  await page.goto('/buttons');
  await loaded(page);
  await page.getByRole('link', { name: 'Sign in, then show' }).click();
  await expect(page).toHaveURL(/sign_in_force_redirect_url=%2Fshow/);
  await expect(page.getByLabel('Email address')).toHaveValue('ada@example.com');
});

test('dialogs', async ({ page }) => {
  await page.goto('/buttons');
  await loaded(page);
  await page.getByRole('link', { name: 'Sign up here' }).click();
  await expect(page.getByRole('dialog').getByRole('heading', { name: 'Create your account' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Sign in here' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Email address')).toHaveValue('ada@example.com');
  await dialog.getByRole('button', { name: 'Continue', exact: true }).click();
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(page).toHaveURL('/show');
});

test('SignOutButton leads to the page of the provider, or to its own', async ({ page }) => {
  for (const [name, path] of [['Sign out', '/'], ['Sign out, then show', '/show']]) {
    await signInAs(page, 'ada');
    await page.goto('/buttons');
    await page.getByRole('button', { name, exact: true }).click();
    await expect(page).toHaveURL(path);
  }
  await expect(page.locator('#signed-out')).toHaveText('yes');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the link leads to the form', async ({ page, allow }) => {
    allow(/preloaded using link preload/);
    await page.goto('/buttons?tab=1');
    await page.getByRole('link', { name: 'Sign in', exact: true }).click();
    await expect(page).toHaveURL(/\/sign-in\?redirect_url=%2Fbuttons%3Ftab%3D1$/);
  });
});
