import { clerk, setupClerkTestingToken } from '@clerk/testing/playwright';
import { ada, ben, cleo, expect, signIn, test } from './fixtures';

test('signs in by password, and goes on to the page that was asked for', async ({ page, po }) => {
  await page.goto('/protected');
  await po.signIn.waitForMounted();
  await po.signIn.signInWithEmailAndInstantPassword({ ...ada, waitForSession: false });
  await page.waitForURL('/protected');
  await expect(page.getByText(`Hello ${ada.id}, free plan`)).toBeVisible();
});

test('signs in by the code of a mail, and by no other one', async ({ page, po, emulator }) => {
  await po.signIn.goTo();
  await po.signIn.setIdentifier(cleo.email);
  await po.signIn.continue();
  const { code, kind } = await emulator.message(cleo.email);
  expect(kind).toBe('verification_code');
  await po.signIn.enterOtpCode('123456', { awaitRequests: false });
  await expect(page.getByTestId('form-feedback-error')).toContainText('Incorrect code');
  expect(await page.evaluate(() => window.Clerk.user)).toBeNull();
  await po.signIn.enterOtpCode(code, { awaitRequests: false });
  await po.expect.toBeSignedIn();
  await expect(page.getByText(`Signed in as ${cleo.email}`)).toBeVisible();
});

test('locks an account after too many wrong passwords, for a while', async ({ page, po, emulator }) => {
  const attempt = (password: string) =>
    page.evaluate(
      ({ identifier, password }) =>
        window.Clerk.client!.signIn.create({ identifier, password }).then(
          ({ status }) => status,
          error => error.errors[0].code,
        ),
      { identifier: ada.email, password },
    );
  await emulator.settings({ lockout_attempts: 3 });
  await page.goto('/');
  await po.clerk.toBeLoaded();
  for (let i = 0; i < 3; i++) expect(await attempt('wrong')).toBe('form_password_incorrect');
  expect(await attempt(ada.password)).toBe('user_locked');
  await emulator.advance('30m');
  expect(await attempt(ada.password)).toBe('user_locked');
  await emulator.advance('31m');
  expect(await attempt(ada.password)).toBe('complete');
});

test('asks to sign in again after seven days', async ({ page, po, backend, emulator }) => {
  await signIn(page, backend, ada.id);
  await emulator.advance('6d');
  await page.goto('/');
  await expect(page.getByText(`Signed in as ${ada.email}`)).toBeVisible();
  await emulator.advance('25h');
  await page.goto('/');
  await po.expect.toBeSignedOut();
  await page.goto('/protected');
  await po.signIn.waitForMounted();
});

test('works with the helpers of @clerk/testing', async ({ page }) => {
  await setupClerkTestingToken({ page });
  await page.goto('/');
  await clerk.loaded({ page });
  await clerk.signIn({ page, signInParams: { strategy: 'password', identifier: ada.email, password: ada.password } });
  await page.goto('/protected');
  await expect(page.getByText(ada.id)).toBeVisible();
  await page.goto('/');
  await clerk.signOut({ page });
  await clerk.signIn({ page, signInParams: { strategy: 'email_code', identifier: cleo.email } });
  await page.goto('/protected');
  await expect(page.getByText(cleo.id)).toBeVisible();
});

test('uses a ticket once', async ({ page, backend }) => {
  const { token: ticket } = await backend.signInTokens.createSignInToken({ userId: ben.id, expiresInSeconds: 60 });
  const signInParams = { strategy: 'ticket' as const, ticket };
  await page.goto('/');
  await clerk.signIn({ page, signInParams });
  await expect(page.getByText(`Signed in as ${ben.email}`)).toBeVisible();
  await clerk.signOut({ page });
  await page.goto('/');
  await expect(clerk.signIn({ page, signInParams })).rejects.toThrow('Failed to sign in');
});

test('signs a user out whose session is revoked', async ({ page, po, backend }) => {
  await signIn(page, backend, ben.id);
  const { data } = await backend.sessions.getSessionList({ userId: ben.id, status: 'active' });
  expect(data).toHaveLength(1);
  await backend.sessions.revokeSession(data[0]!.id);
  await page.goto('/');
  await po.expect.toBeSignedOut();
});

test('says so if clerk-js cannot be loaded', async ({ page, emulator }) => {
  await emulator.fault({ api: 'frontend', path: '/npm/*', status: 404 });
  await page.goto('/sign-in');
  await expect(page.getByText('You cannot sign in at the moment.')).toBeVisible();
});

test('says that it is loading, as long as Clerk takes', async ({ page, emulator }) => {
  await emulator.fault({ api: 'frontend', path: '/v1/environment', delay_ms: 20_000 });
  await page.goto('/', { waitUntil: 'commit' });
  await expect(page.getByText('Loading…')).toBeVisible();
  await emulator.call('DELETE', '/faults');
  await page.goto('/');
  await expect(page.getByText('Signed out')).toBeVisible();
});
