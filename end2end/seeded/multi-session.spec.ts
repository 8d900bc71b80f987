import { newAccount, signIn, startSignedIn, userButton } from '../account';
import { expect, test } from '../fixtures';
import { heading, whoAmI } from '../page';

test.use({ seed: '[settings]\nmulti_session = true\n' });

test('two accounts in one browser, and switching between them', async ({ page, newBrowser }) => {
  const [ada, grace] = [newAccount('Ada'), newAccount('Grace')];
  await startSignedIn(await (await newBrowser()).newPage(), grace);
  await startSignedIn(page, ada);
  const menu = page.getByRole('dialog', { name: 'Account panel' });
  const { user_id: first } = await whoAmI(page);

  await test.step('a second account is added', async () => {
    await page.goto('/');
    await userButton(page).click();
    await menu.getByRole('button', { name: 'Add account' }).click();
    await expect(page).toHaveURL(/\/sign-in/);
    await signIn(page, grace);
    await expect.poll(async () => (await whoAmI(page)).user_id).not.toBe(first);
  });

  await test.step('the first account is selected again', async () => {
    await page.goto('/profile');
    await expect(heading(page)).toContainText(grace.firstName);
    await userButton(page).click();
    await menu.getByRole('button', { name: ada.email }).click();
    await expect.poll(async () => (await whoAmI(page)).user_id).toBe(first);
    await page.goto('/profile');
    await expect(heading(page)).toContainText(ada.firstName);
  });

  await test.step('signing out of one leads to the choice of another', async () => {
    await userButton(page).click();
    await menu.getByRole('button', { name: 'Sign out', exact: true }).click();
    await expect(page).toHaveURL(/\/sign-in\/choose/);
    await page.getByRole('button', { name: grace.email }).click();
    await expect(userButton(page)).toBeVisible();
    await page.goto('/profile');
    await expect(heading(page)).toContainText(grace.firstName);
  });
});
