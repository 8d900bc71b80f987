import { newAccount, startSignedIn, startSignedInAs, userButton } from './account';
import { expect, test } from './fixtures';
import { heading, settled } from './page';

test('two browsers are isolated from each other', async ({ page, newBrowser }) => {
  const [ada, grace] = [newAccount('Ada'), newAccount('Grace')];
  const other = await (await newBrowser()).newPage();

  await startSignedIn(page, ada);
  await other.goto('/');
  await expect(heading(other)).not.toContainText('Welcome back');

  await startSignedIn(other, grace);
  for (const [browser, own, foreign] of [
    [page, ada, grace],
    [other, grace, ada],
  ] as const) {
    const response = await browser.goto('/profile');
    expect(await response?.text()).not.toContain(foreign.email);
    await expect(heading(browser)).toContainText(own.firstName);
    const me = await browser.evaluate(async () => (await fetch('/api/me')).text());
    const id = await browser.evaluate(() => (window as any).Clerk.user.id);
    expect(me).toContain(id);
  }
});

test('another tab of the same browser is signed in as well', async ({ page, context }) => {
  const account = await startSignedIn(page);
  const tab = await context.newPage();
  await tab.goto('/profile');
  await expect(heading(tab)).toContainText(account.firstName);
});

test('a tab that signs in after another one continues with its session', async ({ page, context, backend, allow }) => {
  allow(/status of 4\d\d/);
  const account = newAccount();
  await backend.users.createUser({ emailAddress: [account.email], password: account.password, firstName: account.firstName });
  const tab = await context.newPage();
  await tab.goto('/sign-in');
  await settled(tab);
  await startSignedInAs(page, account);
  await tab.getByLabel('Email address').fill(account.email);
  await tab.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(userButton(tab)).toBeVisible();
  await tab.goto('/profile');
  await expect(heading(tab)).toContainText(account.firstName);
});
