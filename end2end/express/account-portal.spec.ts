import { CODE, enterCode, newAccount } from '../account';
import { expect, test as base } from '../fixtures';
import { start, startLocalClerk } from '../server';

/** An app without pages of its own, with a local Clerk that runs as a separate program. */
const test = base.extend<object, { app: { origin: string; portal: string; secretKey: string } }>({
  app: [
    async ({ instance }, use) => {
      const clerk = await startLocalClerk(instance);
      const portal = clerk.environment.CLERK_API_URL;
      const environment = { ...clerk.environment, CLERK_SIGN_IN_URL: `${portal}/sign-in`, PORT: '0' };
      const app = await start('node', ['end2end/express/without-pages.mjs'], environment, /^listening/);
      const secretKey = clerk.environment.CLERK_SECRET_KEY;
      await use({ origin: app.lines[0].replace('listening on ', ''), portal, secretKey });
      await app.stop();
      await clerk.stop();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ app }, use) => use(app.origin),
});

test('visitors of an app without pages sign up and in on the account portal', async ({ page, app, allow }) => {
  allow(/development keys|favicon|status of 403/);
  const account = newAccount();

  await test.step('the protected page leads to the portal, and the portal back to it', async () => {
    await page.goto('/protected');
    await expect(page).toHaveURL((url) => url.origin === app.portal && url.pathname === '/sign-in');
    await page.getByRole('link', { name: 'Sign up' }).click();
    await expect(page).toHaveURL((url) => url.pathname === '/sign-up');
    await page.getByLabel('Email address').fill(account.email);
    const password = page.getByLabel('Password', { exact: true });
    await password.fill(account.password);
    await password.press('Enter');
    await enterCode(page, CODE);
    await expect(page.getByText(/^You are user_/)).toBeVisible();
    await expect(page).toHaveURL((url) => url.origin === app.origin && url.pathname === '/protected');
  });

  await test.step('the portal shows the account and creates an organization', async () => {
    await page.goto(`${app.portal}/user`);
    const address = page.getByText(account.email).first();
    await expect(address).toBeVisible();
    // The page styles nothing of Clerk's component, which is in the middle.
    const [padding, offset] = await address.evaluate((element) => {
      const { left, right } = element.closest('main > div')!.getBoundingClientRect();
      return [getComputedStyle(element).padding, Math.abs(left + right - document.documentElement.clientWidth)];
    });
    expect(padding).toBe('0px');
    expect(offset).toBeLessThan(2);
    await page.goto(`${app.portal}/organization`);
    await expect(page).toHaveURL((url) => url.pathname === '/create-organization');
    await page.getByLabel('Name', { exact: true }).fill('Acme');
    await page.getByRole('button', { name: 'Create organization' }).click();
    await page.getByRole('button', { name: 'Skip' }).click();
    await expect(page).toHaveURL((url) => url.pathname === '/organization');
    await expect(page.getByText('Acme').first()).toBeVisible();
  });
});

test('a visitor who is signed out is asked to sign in before the account', async ({ page, app, allow }) => {
  allow(/development keys|favicon/);
  await page.goto(`${app.portal}/user`);
  await expect(page).toHaveURL((url) => url.pathname === '/sign-in');
  await page.getByLabel('Email address').fill('demo+clerk_test@example.com');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.getByLabel('Password', { exact: true }).fill('local-clerk-demo');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(page).toHaveURL((url) => url.pathname === '/user');
  await expect(page.getByText('demo+clerk_test@example.com').first()).toBeVisible();
});

test('a link to another host is not followed', async ({ page, app, allow }) => {
  allow(/development keys|favicon|allowedRedirectOrigins|status of 4(04|22)/);
  // By the server, and by clerk-js for what the server does not see.
  const refused = await page.goto(`${app.portal}/sign-in?redirect_url=http://evil.example/`);
  expect(refused?.status()).toBe(422);
  await page.goto(`${app.portal}/sign-in#/?redirect_url=http%3A%2F%2Fevil.example%2F`);
  await page.getByLabel('Email address').fill('demo+clerk_test@example.com');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.getByLabel('Password', { exact: true }).fill('local-clerk-demo');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  // To the app, if the local Clerk has seen it in another test.
  const safe = [`${app.portal}/user`, `${app.origin}/`];
  await expect(page).toHaveURL((url) => safe.includes(url.origin + url.pathname));
});

test('a user signs in and allows an OAuth application what it asks for', async ({ page, app, allow, request }) => {
  allow(/development keys|favicon|status of 404/);
  const redirectUri = `${app.origin}/callback`;
  const created = await request.post(`${app.portal}/v1/oauth_applications`, {
    headers: { authorization: `Bearer ${app.secretKey}` },
    data: { name: 'Reports', redirect_uris: [redirectUri] },
  });
  const { authorize_url: authorizeUrl, client_id, client_secret, token_fetch_url: tokenUrl } = await created.json();
  const state = 'state-of-the-client';
  const authorize = `${authorizeUrl}?${new URLSearchParams({ response_type: 'code', client_id, redirect_uri: redirectUri, state })}`;

  await page.goto(authorize);
  await expect(page).toHaveURL((url) => url.pathname === '/sign-in');
  await page.getByLabel('Email address').fill('demo+clerk_test@example.com');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.getByLabel('Password', { exact: true }).fill('local-clerk-demo');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(page).toHaveURL((url) => url.pathname === '/oauth-consent');
  await expect(page.getByText('View your email address')).toBeVisible();
  await page.getByRole('button', { name: 'Deny' }).click();
  await expect(page).toHaveURL((url) => url.origin === app.origin && url.searchParams.get('error') === 'access_denied');

  await page.goto(authorize);
  await page.getByRole('button', { name: 'Allow' }).click();
  await expect(page).toHaveURL((url) => url.origin === app.origin && url.searchParams.has('code'));
  const back = new URL(page.url()).searchParams;
  expect(back.get('state')).toBe(state);
  const form = { grant_type: 'authorization_code', code: back.get('code')!, redirect_uri: redirectUri, client_id, client_secret };
  const tokens = await (await request.post(tokenUrl, { form })).json();
  expect(tokens.scope).toBe('profile email');
});
