import type { Page } from '@playwright/test';
import { newAccount, startSignedIn, userButton } from './account';
import { expect, test } from './fixtures';
import { heading, settled, whoAmI } from './page';

test('a sign-in token signs in without a form, and only once', async ({ page, backend, allow }) => {
  allow(/status of 4\d\d/);
  const account = newAccount();
  const { id } = await backend.users.createUser({
    emailAddress: [account.email],
    firstName: account.firstName,
    skipPasswordRequirement: true,
  });
  const { token } = await backend.signInTokens.createSignInToken({ userId: id, expiresInSeconds: 60 });

  await page.goto(`/sign-in?__clerk_ticket=${token}`);
  await expect(userButton(page)).toBeVisible();
  expect((await whoAmI(page)).user_id).toBe(id);

  await page.evaluate(() => (window as any).Clerk.signOut(() => {}));
  expect(await signInByTicket(page, token)).toBe('sign_in_token_already_used_code');
  expect(await signInByTicket(page, 'no.such.ticket')).toBe('ticket_invalid_code');
});

test('an actor token impersonates the user and names the actor', async ({ page, newBrowser, backend }) => {
  const account = await startSignedIn(page);
  const { user_id: userId } = await whoAmI(page);
  const { token } = await backend.actorTokens.create({ userId, actor: { sub: 'user_of_support' }, expiresInSeconds: 60 });

  const support = await (await newBrowser()).newPage();
  await support.goto(`/sign-in?__clerk_ticket=${token}`);
  await expect(userButton(support)).toBeVisible();
  await support.goto('/profile');
  await expect(heading(support)).toContainText(account.firstName);
  expect(await whoAmI(support)).toMatchObject({ user_id: userId, actor: { sub: 'user_of_support' } });
  expect((await whoAmI(page)).actor).toBeNull();
});

test('the link of an actor token signs the admin out first', async ({ page, backend }) => {
  await startSignedIn(page);
  const { user_id: admin } = await whoAmI(page);
  const account = newAccount('Grace');
  const { id } = await backend.users.createUser({ emailAddress: [account.email], skipPasswordRequirement: true });
  const { url } = await backend.actorTokens.create({ userId: id, actor: { sub: admin } });
  await page.goto(url!);
  await expect(userButton(page)).toBeVisible();
  expect(await whoAmI(page)).toMatchObject({ user_id: id, actor: { sub: admin } });
});

/** Returns the status of the sign-in, or the error code. */
async function signInByTicket(page: Page, ticket: string): Promise<string> {
  await settled(page);
  return page.evaluate(async (ticket) => {
    try {
      return (await (window as any).Clerk.client.signIn.create({ strategy: 'ticket', ticket })).status;
    } catch (error) {
      return (error as any).errors[0].code;
    }
  }, ticket);
}
