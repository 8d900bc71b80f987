import { randomUUID } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { settled } from './page';

/** The code that the local Clerk "sends" to every address. */
export const CODE = '424242';

export type Account = { firstName: string; lastName: string; email: string; password: string };

/** An account that no other test uses. */
export function newAccount(firstName = 'Ada'): Account {
  const id = randomUUID().slice(0, 8);
  return {
    firstName,
    lastName: `Test-${id}`,
    email: `${firstName.toLowerCase()}.${id}@example.com`,
    password: `correct horse ${id}`,
  };
}

/** Fills in the form at `/sign-up`, or at where the page is if it shows that form already. */
export async function signUp(page: Page, account: Account) {
  if (!page.url().includes('/sign-up')) await page.goto('/sign-up');
  await page.getByLabel('First name').fill(account.firstName);
  await page.getByLabel('Last name').fill(account.lastName);
  await page.getByLabel('Email address').fill(account.email);
  const password = page.getByLabel('Password', { exact: true });
  await password.fill(account.password);
  // Not by the button: it moves when the form remarks on the password.
  await password.press('Enter');
  await enterCode(page, CODE);
  await expect(userButton(page)).toBeVisible();
}

/** Makes an account and signs in with it by clerk-js alone, for tests of what comes after. */
export async function startSignedIn(page: Page, account = newAccount()) {
  await page.goto('/sign-up');
  await settled(page);
  await page.evaluate(
    async ({ account: { email, ...rest }, code }) => {
      const clerk = (window as any).Clerk;
      const signUp = await clerk.client.signUp.create({ emailAddress: email, ...rest });
      await signUp.prepareEmailAddressVerification({ strategy: 'email_code' });
      const { createdSessionId } = await signUp.attemptEmailAddressVerification({ code });
      await clerk.setActive({ session: createdSessionId });
    },
    { account, code: CODE },
  );
  await expect(userButton(page)).toBeVisible();
  return account;
}

/** Signs in with an account that exists, by clerk-js alone. */
export async function startSignedInAs(page: Page, { email, password }: Account) {
  await page.goto('/sign-in');
  await settled(page);
  await page.evaluate(
    async (credentials) => {
      const clerk = (window as any).Clerk;
      const { createdSessionId } = await clerk.client.signIn.create(credentials);
      await clerk.setActive({ session: createdSessionId });
    },
    { identifier: email, password },
  );
  await expect(userButton(page)).toBeVisible();
}

/** Signs in by password in the form that the page shows. */
export async function signIn(page: Page, account: Account) {
  await enterIdentifier(page, account.email);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(userButton(page)).toBeVisible();
}

/** The first step of the sign-in form; it ends at the choice of a factor. */
export async function enterIdentifier(page: Page, email: string) {
  await page.getByLabel('Email address').fill(email);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.waitForURL('**/sign-in/factor-one*');
}

/** Types a code once the form is ready for it; the form sends it by itself. */
export async function enterCode(page: Page, code: string) {
  const field = page.getByLabel('Enter verification code');
  await expect(field).toBeEditable();
  await expect(field).toHaveValue('');
  await field.pressSequentially(code);
}

export const userButton = (page: Page) => page.getByRole('button', { name: 'Open user menu' });

/** What a form of Clerk's says is wrong. */
export const formError = (page: Page) => page.getByTestId('form-feedback-error');
