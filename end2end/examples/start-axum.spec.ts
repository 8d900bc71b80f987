import { resolve } from 'node:path';
import { CODE, enterCode, newAccount, signIn, userButton } from '../account';
import { expect, test as base } from '../fixtures';
import { root, start, startLocalClerk } from '../server';

const example = resolve(root, 'crates/leptos-clerk/examples/start-axum');
const binary = resolve(root, process.env.START_AXUM ?? 'target/release/start-axum');
const site = resolve(root, process.env.START_AXUM_SITE ?? `${example}/target/site`);

/** The example of leptos-clerk, with a local Clerk that runs alone. */
const test = base.extend<object, { app: string }>({
  app: [
    async ({ instance }, use) => {
      const clerk = await startLocalClerk(instance);
      const env = {
        ...clerk.environment,
        CLERK_PROXY_URL: '/__clerk',
        LEPTOS_SITE_ADDR: '127.0.0.1:0',
        LEPTOS_SITE_ROOT: site,
        LEPTOS_HASH_FILES: 'false',
      };
      const app = await start(binary, [], env, /^listening/);
      await use(app.lines[0].replace('listening on ', ''));
      await app.stop();
      await clerk.stop();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ app }, use) => use(app),
});

test('the example of leptos-clerk', async ({ page, allow }) => {
  allow(/development keys/);
  const account = newAccount();
  const header = page.getByRole('banner');

  await test.step('every page has status 200', async () => {
    for (const path of ['/', '/sign-in', '/sign-in/factor-one', '/sign-up', '/sign-up/verify-email-address']) {
      const response = await page.goto(path);
      expect(response?.status(), path).toBe(200);
    }
  });

  await test.step('the server redirects a signed-out visitor of the protected page', async () => {
    await page.goto('/profile');
    await expect(page).toHaveURL(/\/sign-in\?redirect_url=.*profile$/);
  });

  await test.step('so does the router in the browser, without showing the page', async () => {
    await page.goto('/');
    await page.waitForFunction(() => (window as any).Clerk?.loaded);
    await page.evaluate(() => {
      const seen: string[] = ((window as any).seen = []);
      const look = () => seen.push(document.querySelector('h1')?.textContent ?? '');
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
    });
    await header.getByRole('link', { name: 'Profile' }).click();
    await expect(page).toHaveURL('/sign-in?redirect_url=%2Fprofile');
    await expect(page.getByLabel('Email address')).toBeVisible();
    expect(await page.evaluate(() => (window as any).seen)).not.toContain('Your profile');
    await page.goBack();
    await expect(page.getByText('You are signed out.')).toBeVisible();
  });

  await test.step('signing up leads to the protected page that was asked for', async () => {
    await page.goto('/profile');
    await page.getByRole('main').getByRole('link', { name: 'Sign up' }).click();
    await page.getByLabel('Email address').fill(account.email);
    const password = page.getByLabel('Password', { exact: true });
    await password.fill(account.password);
    await password.press('Enter');
    await enterCode(page, CODE);
    await expect(page).toHaveURL('/profile');
    await expect(page.getByText(account.email)).toBeVisible();
    await expect(userButton(page)).toBeVisible();
  });

  await test.step('the server renders the state', async () => {
    const response = await page.goto('/');
    expect(await response?.text()).toMatch(/You are signed in as user_/);
    await expect(page.getByText(/You are signed in as user_/)).toBeVisible();
  });

  await test.step('signing out closes the protected page', async () => {
    await userButton(page).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByText('You are signed out.')).toBeVisible();
    await header.getByRole('link', { name: 'Profile' }).click();
    await expect(page).toHaveURL('/sign-in?redirect_url=%2Fprofile');
  });

  await test.step('a step back to the protected page ends at the sign-in form', async () => {
    await signIn(page, account);
    await expect(page).toHaveURL('/profile');
    await header.getByRole('link', { name: 'Home' }).click();
    await expect(page.getByText(/You are signed in as user_/)).toBeVisible();
    await userButton(page).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByText('You are signed out.')).toBeVisible();
    await page.goBack();
    await expect(page).toHaveURL('/sign-in?redirect_url=%2Fprofile');
    await expect(page.getByLabel('Email address')).toBeVisible();
  });
});
