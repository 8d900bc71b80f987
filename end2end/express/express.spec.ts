import { CODE, enterCode, newAccount, userButton } from '../account';
import { expect, test as base } from '../fixtures';
import { start, startLocalClerk } from '../server';

/** An Express app, with a local Clerk that runs as a separate program. */
const test = base.extend<object, { app: string }>({
  app: [
    async ({ instance }, use) => {
      const clerk = await startLocalClerk(instance);
      const app = await start('node', ['end2end/express/app.mjs'], { ...clerk.environment, PORT: '0' }, /^listening/);
      await use(app.lines[0].replace('listening on ', ''));
      await app.stop();
      await clerk.stop();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ app }, use) => use(app),
});

test('an Express app with the official SDK', async ({ page, context, allow }) => {
  allow(/development keys|favicon/);
  const account = newAccount();

  await test.step('the protected page redirects a signed-out visitor', async () => {
    await page.goto('/protected');
    await expect(page).toHaveURL('/');
  });

  await test.step('signing up gives access', async () => {
    await page.getByLabel('Email address').fill(account.email);
    const password = page.getByLabel('Password', { exact: true });
    await password.fill(account.password);
    await password.press('Enter');
    await enterCode(page, CODE);
    await expect(userButton(page)).toBeVisible();
    await page.goto('/protected');
    await expect(page.getByText(/^You are user_/)).toBeVisible();
  });

  await test.step('a missing session token is restored by a handshake', async () => {
    await page.goto('about:blank');
    await context.clearCookies({ name: /^__session/ });
    await page.goto('/protected');
    await expect(page).toHaveURL('/protected');
    await expect(page.getByText(/^You are user_/)).toBeVisible();
  });

  await test.step('signing out revokes access', async () => {
    await page.goto('/');
    await userButton(page).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByLabel('Email address')).toBeVisible();
    await page.goto('/protected');
    await expect(page).toHaveURL('/');
  });
});
