import type { Page } from '@playwright/test';
import { enterIdentifier, newAccount, userButton } from '../account';
import { expect, test } from '../fixtures';
import { whoAmI } from '../page';

test.use({ seed: '[settings]\nemail_links = true\n' });

test('e-mail links sign up and sign in', async ({ page, server }) => {
  const account = newAccount();
  await page.goto('/sign-up');
  await page.getByLabel('Email address').fill(account.email);
  const password = page.getByLabel('Password', { exact: true });
  await password.fill(account.password);
  await password.press('Enter');
  await expect(page.getByText('Verify your email').first()).toBeVisible();
  await followLink(page, server.clerk);
  await expect(userButton(page)).toBeVisible();
  const { user_id: id } = await whoAmI(page);

  await page.evaluate(() => (window as any).Clerk.signOut(() => {}));
  await page.goto('/sign-in');
  await enterIdentifier(page, account.email);
  await page.getByRole('link', { name: 'Use another method' }).click();
  await page.getByRole('button', { name: /Email link to/ }).click();
  await expect(page.getByText('Check your email').first()).toBeVisible();
  await followLink(page, server.clerk);
  await expect(userButton(page)).toBeVisible();
  expect((await whoAmI(page)).user_id).toBe(id);
});

/** Opens the newest link in the local Clerk's mailbox in another tab. */
async function followLink(page: Page, mailbox: string) {
  const found = async () => {
    const html = await (await page.request.get(mailbox)).text();
    return html.match(/href="([^"]*\/v1\/verify\?token=[^"]*)"/)?.[1];
  };
  await expect.poll(found).toBeTruthy();
  const tab = await page.context().newPage();
  await tab.goto((await found())!);
  await expect(userButton(tab)).toBeVisible();
  await tab.close();
}
