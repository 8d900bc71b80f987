import { newAccount, signIn, signUp, userButton } from './account';
import { expect, test } from './fixtures';
import { heading } from './page';

test('sign up, return, sign out, sign in', async ({ page, context, newBrowser }) => {
  const account = newAccount();

  await test.step('a signed-out visitor of the profile is redirected to sign-in', async () => {
    await page.goto('/profile');
    await expect(page).toHaveURL(/\/sign-in\?redirect_url=/);
  });

  await test.step('signing up from there returns to the profile', async () => {
    await page.getByRole('main').getByRole('link', { name: 'Sign up' }).click();
    await expect(page).toHaveURL(/\/sign-up/);
    await signUp(page, account);
    await expect(page).toHaveURL('/profile');
    await expect(heading(page)).toHaveText(`Hello, ${account.firstName} ${account.lastName}.`);
  });

  await test.step('the server renders the name, and no token', async () => {
    const withoutScripts = await newBrowser({
      javaScriptEnabled: false,
      storageState: await context.storageState(),
    });
    const plain = await withoutScripts.newPage();
    const response = await plain.goto('/profile');
    expect(response?.status()).toBe(200);
    await expect(heading(plain)).toContainText(account.firstName);
    expect(await response?.text()).not.toContain('eyJ');
  });

  await test.step('the session survives a reload', async () => {
    await page.reload();
    await expect(heading(page)).toContainText(account.firstName);
    await expect(userButton(page)).toBeVisible();
  });

  await test.step('signing out leads to the home page and protects the profile again', async () => {
    await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click();
    await expect(page).toHaveURL('/');
    await expect(userButton(page)).toBeHidden();
    await expect(page.getByRole('main')).not.toContainText(account.firstName);
    await page.goto('/profile');
    await expect(page).toHaveURL(/\/sign-in\?redirect_url=/);
  });

  await test.step('signing in returns to the profile', async () => {
    await signIn(page, account);
    await expect(page).toHaveURL('/profile');
    await expect(heading(page)).toContainText(account.firstName);
  });
});

test('the server decides: a redirect for documents, 401 for the API', async ({ request, instance }) => {
  const document = { accept: 'text/html', 'sec-fetch-dest': 'document' };
  const profile = await request.get('/profile', { maxRedirects: 0, headers: document });
  expect(profile.status()).toBe(307);
  const location = new URL(profile.headers().location, profile.url());
  const expected = {
    // A development instance first sends a browser without cookies through a handshake.
    development: { path: '/__clerk/v1/client/handshake', status: 'handshake' },
    production: { path: '/sign-in', status: 'signed-out' },
  }[instance];
  expect(location.pathname).toBe(expected.path);
  expect(profile.headers()['x-clerk-auth-status']).toBe(expected.status);
  expect(location.searchParams.get('redirect_url')).toMatch(/\/profile$/);

  const me = await request.get('/api/me');
  expect(me.status()).toBe(401);
  expect(me.headers()['content-type']).toContain('application/json');
});
