import { expect, loaded, PASSWORD, signInAs, test } from './gallery';

const text = (html: string, id: string) => html.match(new RegExp(`<[^>]* id="${id}"[^>]*>(?:<!--.*?-->)*([^<]*)`))?.[1];

test('use_session knows the session in the first byte, and then more', async ({ page }) => {
  await signInAs(page, 'ada');
  const id = await page.evaluate(() => (window as any).Clerk.session.id as string);
  const html = await (await page.request.get('/use-session')).text();
  expect(text(html, 'session')).toBe(id);
  await page.goto('/use-session');
  await expect(page.locator('#session')).toHaveText(id);
  await expect(page.locator('#identifier')).toHaveText('ada@example.com');
  await expect(page.locator('#count')).toHaveText('1');
  await page.evaluate(() => (window as any).Clerk.signOut({ redirectUrl: '/use-session' }));
  await expect(page.locator('#session')).toHaveText('');
});

test('get_token returns a token, or why there is none', async ({ page, allow }) => {
  await page.goto('/get-token');
  await loaded(page);
  await page.getByRole('button', { name: 'Session token' }).click();
  await expect(page.locator('#token')).toHaveText('none');
  await signInAs(page, 'ada');
  await page.goto('/get-token');
  await loaded(page);
  await page.getByRole('button', { name: 'Session token' }).click();
  await expect(page.locator('#token')).toHaveText('3 parts');
  allow(/status of 404/);
  await page.getByRole('button', { name: 'Unknown template' }).click();
  // On a machine without a network, clerk-js takes every failure to get a token for that.
  await expect(page.locator('#token')).toHaveText(/^(resource_not_found|clerk_offline): ./);
});

test('use_organization follows set_active, and so does the server', async ({ page, allow }) => {
  await signInAs(page, 'ada', 'acme');
  expect(text(await (await page.request.get('/use-organization')).text(), 'role')).toBe('org:admin');
  await page.goto('/use-organization');
  await expect(page.locator('#name')).toHaveText('Acme');
  await expect(page.getByRole('listitem')).toHaveText(['ada@example.com', 'grace@example.com'].map((name) => new RegExp(name)));

  await test.step('an invitation, and one that is refused', async () => {
    await page.getByRole('button', { name: 'Invite Charles' }).click();
    await expect(page.locator('#invited')).toHaveText('charles@example.com is pending');
    allow(/status of 422/);
    await page.getByRole('button', { name: 'Invite nobody' }).click();
    await expect(page.locator('#invited')).toHaveText(/^form_\w+: ./);
  });

  await test.step('without a reload', async () => {
    await page.evaluate(() => ((window as any).isSamePage = true));
    const server = async () => text(await (await page.request.get('/use-organization')).text(), 'slug');
    await page.getByRole('button', { name: 'Personal account' }).click();
    await expect(page.locator('#slug')).toHaveText('');
    await expect(page.getByRole('listitem')).toHaveCount(0);
    expect(await server()).toBe('');
    await page.getByRole('button', { name: 'Create Engines' }).click();
    await expect(page.locator('#name')).toHaveText('Engines');
    await expect(page.getByRole('listitem')).toHaveText([/ada@example.com/]);
    expect(await server()).toBe(await page.locator('#slug').textContent());
    await page.getByRole('button', { name: 'Acme' }).click();
    await expect(page.locator('#slug')).toHaveText('acme');
    expect(await server()).toBe('acme');
    expect(await page.evaluate(() => (window as any).isSamePage)).toBe(true);
  });
});

test('use_sign_in', async ({ page, allow }) => {
  allow(/status of 422/);
  await page.goto('/use-sign-in');
  await loaded(page);
  await page.getByLabel('Identifier').fill('grace@example.com');
  await page.getByLabel('Password').fill('a wrong password');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('alert')).toHaveText('form_password_incorrect (password): Password is incorrect. Try again, or use another method.');
  await expect(page.locator('#factors')).toHaveText(/\bpassword\b/);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page).toHaveURL('/show');
  await expect(page.locator('#signed-in')).toHaveText('yes');
});

test('use_sign_up', async ({ page, allow }) => {
  allow(/status of 422/);
  await page.goto('/use-sign-up');
  await loaded(page);
  await page.getByLabel('Email address').fill('charles+clerk_test@example.com');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Send a code' }).click();
  await expect(page.locator('#unverified')).toHaveText('email_address');
  await page.getByLabel('Code').fill('000000');
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page.getByRole('alert')).toHaveText('form_code_incorrect');
  await page.getByLabel('Code').fill('424242');
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page).toHaveURL('/show');
  await expect(page.locator('#signed-in')).toHaveText('yes');
});

test('use_plans and use_subscription', async ({ page }) => {
  await page.goto('/use-plans');
  await expect(page.getByRole('listitem').filter({ hasText: 'Pro' })).toHaveText(/Pro \$12/);
  await expect(page.locator('#subscribed')).toHaveText('');
  await signInAs(page, 'ada');
  await page.goto('/use-plans');
  await expect(page.locator('#subscribed')).toHaveText('Pro');
});

test('use_checkout', async ({ page, gallery }) => {
  const user = await gallery.backend.users.createUser({ emailAddress: ['payer@example.com'], password: PASSWORD });
  const { token } = await gallery.backend.signInTokens.createSignInToken({ userId: user.id, expiresInSeconds: 60 });
  await page.goto('/');
  await loaded(page);
  const plan = await page.evaluate(async (ticket) => {
    const clerk = (window as any).Clerk;
    const { createdSessionId } = await clerk.client.signIn.create({ strategy: 'ticket', ticket });
    await clerk.setActive({ session: createdSessionId });
    const { data } = await clerk.billing.getPlans();
    return data.find((plan: { slug: string }) => plan.slug === 'pro').id as string;
  }, token);
  await page.goto(`/use-checkout?plan=${plan}`);
  await loaded(page);
  await page.getByRole('button', { name: 'Pay' }).click();
  await expect(page.getByRole('alert')).toContainText('must be called before');
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.locator('#status')).toHaveText('needs_confirmation');
  await expect(page.locator('#plan')).toHaveText('Pro');
  await page.getByRole('button', { name: 'Pay' }).click();
  await expect(page.locator('#status')).toHaveText('completed');

  await test.step('what the other hooks say of it', async () => {
    await page.goto('/use-payments');
    await expect(page.locator('#payments').getByRole('listitem')).toHaveText('paid 12.00 for Pro with 4242');
    await expect(page.locator('#statements').getByRole('listitem')).toHaveText('closed 12.00 in 1');
  });
});

test('use_payment_attempts, use_payment_methods and use_statements are for the user or the organization', async ({ page }) => {
  const items = (id: string) => page.locator(`#${id}`).getByRole('listitem');
  const requests = new Set<string>();
  page.on('request', (request) => {
    const [, payer, what] = new URL(request.url()).pathname.match(/\/(me|organizations\/org_\w+)\/billing\/(\w+)$/) ?? [];
    if (what) requests.add(`${payer.split('/')[0]} ${what}`);
  });
  const all = (payer: string) => ['payment_attempts', 'payment_methods', 'statements'].map((what) => `${payer} ${what}`);
  await signInAs(page, 'ada', 'acme');
  await page.goto('/use-payments');
  await expect(items('methods')).toHaveText('visa 4242 active');
  await expect.poll(() => [...requests].sort()).toEqual(all('me'));
  requests.clear();
  await page.goto('/use-payments?for=organization');
  await expect(items('methods')).toHaveText('visa 4242 active');
  await expect.poll(() => [...requests].sort()).toEqual(all('organizations'));
  await page.evaluate(() => (window as any).Clerk.signOut(() => {}));
  await expect(items('methods')).toHaveCount(0);
});

test('use_organization_creation_defaults', async ({ page }) => {
  await signInAs(page, 'grace');
  // The local Clerk knows no company, and suggests nothing.
  const advisory = { code: 'organization_already_exists', severity: 'warning', meta: { organization_name: 'Acme' } };
  await page.route(/organization_creation_defaults/, async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    Object.assign(json.response, { advisory, form: { ...json.response.form, name: 'Navy', slug: 'navy' } });
    await route.fulfill({ response, json });
  });
  await page.goto('/use-organization-creation-defaults');
  await expect(page.getByLabel('Name')).toHaveValue('Navy');
  await expect(page.locator('#slug')).toHaveText('navy');
  await expect(page.getByRole('status')).toHaveText('organization_already_exists');
  await page.evaluate(() => (window as any).Clerk.signOut({ redirectUrl: '/use-organization-creation-defaults' }));
  await expect(page.locator('#slug')).toHaveText('');
  await expect(page.getByRole('alert')).toHaveText('');
});

test('use_api_keys', async ({ page }) => {
  await signInAs(page, 'grace');
  await page.goto('/use-api-keys');
  await loaded(page);
  const keys = page.getByRole('listitem');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.locator('output')).toHaveText(/^ak_/);
  await expect(keys).toHaveText([/Deployment/]);
  await page.getByRole('button', { name: 'Revoke' }).click();
  await expect(keys).toHaveCount(0);
});

test('use_reverification opens the dialog, and repeats the call', async ({ page, allow }) => {
  test.slow();
  allow(/status of 4(03|22)/);
  await signInAs(page, 'ada');
  await page.goto('/use-reverification');
  await loaded(page);
  const status = page.getByRole('status');
  const run = page.getByRole('button', { name: 'Delete' });
  await run.click();
  await expect(status).toHaveText(/^Deleted by user_/);

  // The sign-in has to be a minute old.
  const age = () => page.evaluate(async () => {
    const clerk = (window as any).Clerk;
    await clerk.session.getToken({ skipCache: true });
    return clerk.session.lastActiveToken.jwt.claims.fva[0] as number;
  });
  await expect.poll(age, { timeout: 90_000 }).toBeGreaterThanOrEqual(1);

  await run.click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Password', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(status).toHaveText('cancelled');

  await run.click();
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(status).toHaveText(/^Deleted by user_/);
  await expect(dialog).toBeHidden();
});
