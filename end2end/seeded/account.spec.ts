import { startSignedIn, startSignedInAs } from '../account';
import { expect, test } from '../fixtures';
import { freshToken, settled, whoAmI } from '../page';

/** The lifetime of a session token, in seconds. Clerk issues tokens for a minute, which would be long to wait for. */
const LIFETIME = 10;

test.use({ seed: `[settings]\ntoken_lifetime = ${LIFETIME}\n` });

test('a form that was open while the machine slept is saved', async ({ page, context, allow, backend }) => {
  allow(/net::ERR_|fetch|Clerk|offline/i);
  await startSignedIn(page);
  const { user_id: id } = await whoAmI(page);
  await page.goto('/profile');
  await settled(page);
  await page.getByRole('combobox', { name: 'Colors' }).selectOption('Dark');
  await context.setOffline(true);
  const [cookie] = (await context.cookies()).filter(({ name }) => name === '__session');
  const { exp } = JSON.parse(Buffer.from(cookie.value.split('.')[1], 'base64url').toString()) as { exp: number };
  // The server accepts a token for another five seconds, because clocks differ.
  await expect.poll(() => Date.now() / 1000 - exp, { intervals: [500] }).toBeGreaterThan(6);
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  expect((await backend.users.getUser(id)).publicMetadata).toEqual({ color_scheme: 'dark' });
});

test('signing out another device asks who it is, if the last verification is long ago', async ({
  page,
  allow,
  newBrowser,
  server,
}) => {
  const account = await startSignedIn(page);
  const elsewhere = await (await newBrowser()).newPage();
  await startSignedInAs(elsewhere, account);
  const advanced = await fetch(`${server.clerk}/_emulate/clock`, { method: 'POST', body: '{"advance":"11m"}' });
  expect(advanced.status).toBe(200);
  await page.goto('/profile');
  await settled(page);
  await freshToken(page);
  const devices = page.getByRole('region', { name: 'Devices' }).getByRole('listitem');
  const signOut = devices.getByRole('button', { name: 'Sign out there' });
  allow(/status of 403/);

  await signOut.click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Password', { exact: true })).toBeVisible();
  await dialog.getByRole('button', { name: 'Close modal' }).click();
  await expect(dialog).toBeHidden();
  await expect(devices).toHaveCount(2);

  await signOut.click();
  await dialog.getByLabel('Password', { exact: true }).fill(account.password);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('Signed out there.')).toBeVisible();
  await expect(devices).toHaveCount(1);
});
