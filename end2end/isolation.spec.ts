import { newAccount, startSignedIn } from './account';
import { expect, test } from './fixtures';
import { heading } from './page';

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
