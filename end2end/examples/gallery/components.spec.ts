import type { Page } from '@playwright/test';
import { component, expect, expectEachShown, loaded, PASSWORD, signInAs, test } from './gallery';

test('components for visitors who are signed out', async ({ page }) => {
  await expectEachShown(page, ['sign-in', 'sign-up', 'pricing-table']);
});

test('components for users', async ({ page }) => {
  await signInAs(page, 'ada', 'acme');
  const user = ['user-button', 'user-profile', 'user-avatar', 'pricing-table', 'api-keys'];
  const organization = ['organization-switcher', 'organization-profile', 'organization-list', 'create-organization'];
  await expectEachShown(page, [...user, ...organization]);
});

test('a page of the app in the user profile is mounted, stays reactive, and is cleaned up', async ({ page }) => {
  await signInAs(page, 'ada');
  await page.goto('/user-profile');
  const profile = component(page, 'user-profile');
  const links = profile.getByRole('button');
  await profile.getByRole('button', { name: 'Preferences' }).click();
  await expect(page).toHaveURL('/user-profile/preferences');
  await expect(page.getByText('The page is open')).toBeVisible();
  await expect(profile.locator('.counter')).toHaveText('A view of Leptos, which counts to 0');
  await page.getByRole('button', { name: 'Count' }).click();
  await expect(profile.locator('.counter')).toHaveText('A view of Leptos, which counts to 1');

  await profile.getByRole('button', { name: 'Profile', exact: true }).click();
  await expect(profile.locator('.counter')).toHaveCount(0);
  await expect(page.getByText('The page is closed')).toBeVisible();

  // The icon is a view too; Clerk's own page was moved behind the app's.
  await expect(profile.getByText('⚙')).toHaveCount(1);
  const order = (await links.allTextContents()).map((text) => text.replace(/[^\w ]/g, '').trim());
  expect(order.indexOf('Preferences')).toBeLessThan(order.indexOf('Security'));
  await profile.getByRole('button', { name: 'Gallery' }).click();
  await expect(page.getByRole('heading', { name: 'Gallery of leptos-clerk' })).toBeVisible();
});

test("items of the app in the user button's menu", async ({ page }) => {
  await signInAs(page, 'ada');
  await page.goto('/user-button');
  const trigger = page.getByRole('button', { name: 'Open user menu' });
  await expect(page.getByText('Ada Lovelace')).toHaveCount(0);
  const button = await trigger.elementHandle();
  await page.getByRole('button', { name: 'Show the name' }).click();
  await expect(component(page, 'user-button').getByText('Ada Lovelace')).toBeVisible();
  expect(await button?.evaluate((element) => element.isConnected), 'mounted once').toBe(true);

  const menu = page.getByRole('dialog', { name: 'Account panel' });
  await trigger.click();
  await menu.getByRole('button', { name: '+ Count' }).click();
  await expect(page.getByRole('status')).toHaveText('1');
  await trigger.click();
  await menu.getByRole('button', { name: 'Help' }).click();
  const dialog = page.getByRole('dialog').last();
  await expect(dialog.locator('.counter')).toHaveText('A view of Leptos, which counts to 1');
  await expect(dialog.getByRole('button', { name: 'Gallery' })).toBeVisible();
  await page.keyboard.press('Escape');
  await trigger.click();
  await menu.getByRole('button', { name: 'Contents' }).click();
  await expect(page.getByRole('heading', { name: 'Gallery of leptos-clerk' })).toBeVisible();
});

test('pages of the app in the organization profile, and in that of the switcher', async ({ page }) => {
  await signInAs(page, 'ada', 'acme');
  await page.goto('/organization-profile');
  await page.getByRole('button', { name: 'Invoices' }).click();
  await expect(page.getByText('No invoices.')).toBeVisible();
  await expect(page).toHaveURL('/organization-profile/invoices');

  await page.goto('/organization-switcher');
  await page.getByRole('button', { name: /organization switcher/i }).click();
  await expect(page.getByText('Personal account')).toHaveCount(0);
  await page.getByRole('button', { name: 'Manage', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Invoices' }).click();
  await expect(page.getByText('No invoices.')).toBeVisible();
});

test('creating an organization leads where the app says', async ({ page }) => {
  await signInAs(page, 'grace');
  await page.goto('/create-organization');
  await page.getByLabel('Name').fill('Babbage & Co');
  await page.getByRole('button', { name: 'Create organization' }).click();
  await expect(page).toHaveURL('/show');
  await expect(page.locator('#predicate')).toHaveText('yes');
});

test('InviteMembersButton', async ({ page }) => {
  await signInAs(page, 'ada', 'acme');
  await page.goto('/invite-members-button');
  await page.getByRole('button', { name: 'Invite members' }).click();
  await expect(page.getByRole('dialog').getByRole('heading', { name: /Invite/ })).toBeVisible();
});

test('an API key is created', async ({ page }) => {
  await signInAs(page, 'grace');
  await page.goto('/api-keys');
  const keys = component(page, 'api-keys');
  await keys.getByRole('button', { name: 'Add new key' }).click();
  await keys.getByLabel('Secret key name').fill('Deployment');
  await expect(keys.getByLabel('Description')).toBeVisible();
  await keys.getByRole('button', { name: 'Create key' }).click();
  await expect(keys.getByRole('row', { name: /Deployment/ })).toBeVisible();
});

test.describe('billing', () => {
  const planId = (page: Page, slug: string) =>
    page.evaluate(async (slug) => {
      const { data } = await (window as any).Clerk.billing.getPlans();
      return data.find((plan: { slug: string }) => plan.slug === slug).id as string;
    }, slug);

  test('PlanDetailsButton and SubscriptionDetailsButton', async ({ page }) => {
    await signInAs(page, 'ada');
    await page.goto(`/plan-details-button?plan=${await planId(page, 'pro')}`);
    await page.getByRole('button', { name: 'Details' }).click();
    await expect(page.getByRole('dialog').getByRole('heading', { name: 'Pro' })).toBeVisible();
    await page.goto('/subscription-details-button');
    await page.getByRole('button', { name: 'Your subscription' }).click();
    await expect(page.getByRole('dialog').getByText('Pro').first()).toBeVisible();
  });

  test('CheckoutButton tells the app when the subscription is complete', async ({ page, gallery }) => {
    const user = await gallery.backend.users.createUser({ emailAddress: ['buyer@example.com'], password: PASSWORD });
    const { token } = await gallery.backend.signInTokens.createSignInToken({ userId: user.id, expiresInSeconds: 60 });
    await page.goto('/');
    await loaded(page);
    await page.evaluate(async (ticket) => {
      const clerk = (window as any).Clerk;
      const { createdSessionId } = await clerk.client.signIn.create({ strategy: 'ticket', ticket });
      await clerk.setActive({ session: createdSessionId });
    }, token);
    await page.goto(`/checkout-button?plan=${await planId(page, 'pro')}`);
    await page.getByRole('button', { name: 'Upgrade' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('button', { name: /^(Subscribe|Pay)/ }).click();
    await expect(drawer.getByRole('heading', { name: 'Payment was successful!' })).toBeVisible();
    await expect(page.getByText('Complete.')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByText('Closed.')).toBeVisible();
  });

  test('PricingTable for the active organization', async ({ page }) => {
    await signInAs(page, 'ada', 'acme');
    await page.goto('/pricing-table?for=organization');
    await expect(page.locator('.cl-pricingTableCard').getByRole('heading', { name: 'Team' })).toBeVisible();
    await page.goto('/pricing-table');
    await expect(page.locator('.cl-pricingTableCard').getByRole('heading', { name: 'Pro' })).toBeVisible();
  });
});

test('GoogleOneTap asks Google, and is cancelled with its page', async ({ page, allow }) => {
  allow(/other host: https:\/\/accounts\.google\.com/);
  await page.route('**/v1/environment*', async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    body.display_config.google_one_tap_client_id = 'client.apps.googleusercontent.com';
    await route.fulfill({ response, json: body });
  });
  // In place of Google's script, which needs its servers.
  const script = `window.calls = [];
    const record = (name) => (argument) => window.calls.push([name, argument?.client_id]);
    window.google = { accounts: { id: { initialize: record('initialize'), prompt: record('prompt'), cancel: record('cancel') } } };`;
  await page.context().route('https://accounts.google.com/**', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: script }),
  );
  await page.goto('/google-one-tap');
  const calls = () => page.evaluate(() => (window as any).calls as [string, string?][]);
  await expect.poll(calls).toContainEqual(['initialize', 'client.apps.googleusercontent.com']);
  await expect.poll(calls).toContainEqual(expect.arrayContaining(['prompt']));
  await page.getByRole('link', { name: 'All components' }).click();
  await expect.poll(calls).toContainEqual(expect.arrayContaining(['cancel']));
});

test('AuthenticateWithRedirectCallback completes a social connection', async ({ page }) => {
  await page.goto('/');
  await loaded(page);
  await page.evaluate(() =>
    (window as any).Clerk.client.signIn.authenticateWithRedirect({
      strategy: 'oauth_custom_local',
      redirectUrl: '/sso-callback',
      redirectUrlComplete: '/show',
    }),
  );
  await expect(page).toHaveURL(/\/__clerk\/provider\//);
  await page.getByLabel('Email address').fill('sso@example.com');
  await page.getByRole('button', { name: 'Allow' }).click();
  await expect(page).toHaveURL('/show');
  await expect(page.locator('#signed-in')).toHaveText('yes');
});
