import type { Page } from '@playwright/test';
import { CODE, enterCode, enterIdentifier, startSignedIn, userButton } from '../account';
import { expect, test } from '../fixtures';
import { settled, whoAmI } from '../page';

// With autofill, the authenticator would answer as soon as the form is there.
test.use({ seed: '[settings]\npasskeys = true\npasskey_autofill = false\n' });

test('a passkey is created, used and removed in the components of Clerk', async ({ page, server, allow }) => {
  test.slow();
  allow(/status of 403/);
  await addAuthenticator(page);
  const account = await startSignedIn(page);
  const { user_id: id } = await whoAmI(page);

  await test.step('it is created and renamed in the profile', async () => {
    await page.goto('/profile/security');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await expect(page.getByText(/^Chrome on \w+$/)).toBeVisible();
    await choose(page, 'Rename');
    await page.getByLabel('Name of passkey').fill('My laptop');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('My laptop', { exact: true })).toBeVisible();
  });

  await test.step('it signs in without an address', async () => {
    await openSignIn(page);
    await page.getByRole('link', { name: 'Use passkey instead' }).click();
    await expect(userButton(page)).toBeVisible();
    expect((await whoAmI(page)).user_id).toBe(id);
  });

  await test.step('it is the first choice for an address', async () => {
    await openSignIn(page);
    await enterIdentifier(page, account.email);
    await expect(page.getByText('Use your passkey').first()).toBeVisible();
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
    await expect(userButton(page)).toBeVisible();
  });

  await test.step('it verifies the user again', async () => {
    // As if the sign-in were more than ten minutes old.
    await page.route('**/v1/me/email_addresses**', (route) => route.fulfill(reverificationRequired), { times: 1 });
    await page.goto('/profile');
    await page.getByRole('button', { name: 'Add email address' }).click();
    await page.getByLabel('Email address').fill(`work.${account.email}`);
    await page.getByLabel('Email address').press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Use your passkey' }).click();
    await enterCode(page, CODE);
    await expect(page.getByText(`work.${account.email}`, { exact: true })).toBeVisible();
  });

  await test.step('the browser offers it in the form', async () => {
    const settings = { method: 'PATCH', body: JSON.stringify({ passkey_autofill: true }) };
    expect((await fetch(`${server.clerk}/_emulate/settings`, settings)).ok).toBe(true);
    await openSignIn(page);
    await expect(userButton(page)).toBeVisible();
    expect((await whoAmI(page)).user_id).toBe(id);
  });

  await test.step('it is removed in the profile', async () => {
    await page.goto('/profile/security');
    await choose(page, 'Remove');
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(page.getByText('My laptop', { exact: true })).toBeHidden();
  });
});

/** Gives the browser an authenticator whose user confirms everything. */
async function addAuthenticator(page: Page) {
  // clerk-js has no passkeys in browsers that say that a program controls them.
  await page.addInitScript(() => Object.defineProperty(navigator, 'webdriver', { get: () => false }));
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** Chooses from the menu of the only passkey. */
async function choose(page: Page, action: string) {
  await page.getByRole('button', { name: 'Open menu' }).first().click();
  await page.getByRole('menuitem', { name: action }).click();
}

/** Signs out, and opens the page for signing in. */
async function openSignIn(page: Page) {
  await settled(page);
  await page.evaluate(() => (window as any).Clerk.signOut(() => {}));
  await page.goto('/sign-in');
}

const reverificationRequired = {
  status: 403,
  json: {
    errors: [{ code: 'session_reverification_required', message: '', long_message: '', meta: {} }],
    clerk_trace_id: '',
  },
};
