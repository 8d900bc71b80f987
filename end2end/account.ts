import { randomUUID } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { settled } from './page';

/** The code that the local Clerk "sends" to every address. */
export const CODE = '424242';

export type Account = { firstName: string; lastName: string; email: string; password: string };

/** Returns the data of an account that no other test uses. */
export function newAccount(firstName = 'Ada'): Account {
  const id = randomUUID().slice(0, 8);
  return {
    firstName,
    lastName: `Test-${id}`,
    email: `${firstName.toLowerCase()}.${id}@example.com`,
    password: `correct horse ${id}`,
  };
}

/** Fills in the sign-up form, at `/sign-up` unless the page already shows it. */
export async function signUp(page: Page, account: Account) {
  if (!page.url().includes('/sign-up')) await page.goto('/sign-up');
  await page.getByLabel('First name').fill(account.firstName);
  await page.getByLabel('Last name').fill(account.lastName);
  await page.getByLabel('Email address').fill(account.email);
  const password = page.getByLabel('Password', { exact: true });
  await password.fill(account.password);
  // Enter instead of the button, which moves when the form comments on the password.
  await password.press('Enter');
  await enterCode(page, CODE);
  await expect(userButton(page)).toBeVisible();
}

/** Creates an account and signs in through the API of clerk-js, for tests that do not test the forms. */
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

/** Signs in with an existing account through the API of clerk-js. */
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

/** Signs in with the password in the form that the page shows. */
export async function signIn(page: Page, account: Account) {
  await enterIdentifier(page, account.email);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(userButton(page)).toBeVisible();
}

/** Completes the first step of the sign-in form, which leads to the choice of a factor. */
export async function enterIdentifier(page: Page, email: string) {
  await page.getByLabel('Email address').fill(email);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.waitForURL('**/sign-in/factor-one*');
}

/** Types a verification code once the form is ready; the form submits it automatically. */
export async function enterCode(page: Page, code: string) {
  const field = page.getByLabel('Enter verification code');
  await expect(field).toBeEditable();
  await expect(field).toHaveValue('');
  await field.pressSequentially(code);
}

export const userButton = (page: Page) => page.getByRole('button', { name: 'Open user menu' });

/** The error message of a form of Clerk's. */
export const formError = (page: Page) => page.getByTestId('form-feedback-error');
