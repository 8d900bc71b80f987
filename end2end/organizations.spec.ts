import type { Locator } from '@playwright/test';
import { newAccount, startSignedIn, type Account } from './account';
import { expect, test } from './fixtures';
import { freshToken, mount, open, whoAmI } from './page';

test('the life cycle of an organization', async ({ page, newBrowser, allow }) => {
  test.slow();
  allow(/status of 4\d\d/);
  const [ada, grace] = [newAccount('Ada'), newAccount('Grace')];
  const other = await (await newBrowser()).newPage();
  await startSignedIn(page, ada);
  await startSignedIn(other, grace);
  const name = `Acme ${ada.lastName}`;

  await test.step('it is created in the switcher, with an invitation', async () => {
    await page.goto('/plans');
    const switcher = await mount(page, 'OrganizationSwitcher');
    await switcher.getByRole('button', { name: 'Open organization switcher' }).click();
    await page.getByRole('button', { name: 'Create organization' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: 'Create organization' }).click();
    await invite(dialog, grace);
    await dialog.getByRole('button', { name: 'Finish' }).click();
    await expect(switcher).toContainText(name);
    expect(await whoAmI(page)).toMatchObject({ org_role: 'org:admin', org_slug: slug(name) });
  });

  await test.step('the invited user joins from another browser', async () => {
    await other.goto('/plans');
    const switcher = await mount(other, 'OrganizationSwitcher');
    await switcher.getByRole('button', { name: 'Open organization switcher' }).click();
    await other.getByRole('button', { name: 'Join' }).click();
    await other.getByRole('button', { name }).click();
    await expect(switcher).toContainText(name);
    expect(await whoAmI(other)).toMatchObject({ org_role: 'org:member', org_slug: slug(name) });
  });

  await test.step('a changed role is in the next token of the member', async () => {
    await page.reload();
    const profile = await open(page, 'OrganizationProfile');
    await profile.getByRole('button', { name: 'Members' }).click();
    const row = profile.getByRole('row', { name: grace.email });
    await row.getByRole('button', { name: 'Member' }).click();
    await page.getByRole('option', { name: 'Admin' }).click();
    await expect(row.getByRole('button', { name: 'Admin' })).toBeVisible();
    await freshToken(other);
    expect(await whoAmI(other)).toMatchObject({ org_role: 'org:admin' });
  });

  await test.step('it is renamed', async () => {
    await other.reload();
    const profile = await open(other, 'OrganizationProfile');
    await profile.getByRole('button', { name: 'Update profile' }).click();
    await profile.getByLabel('Name').fill(`${name} Labs`);
    await profile.getByRole('button', { name: 'Save' }).click();
    await expect(profile.getByText(`${name} Labs`)).toBeVisible();
  });

  await test.step('a member leaves it', async () => {
    const profile = other.getByRole('dialog').last();
    await profile.getByRole('button', { name: 'Leave organization' }).click();
    await confirm(profile, `${name} Labs`, 'Leave organization');
    await expect.poll(async () => (await whoAmI(other)).org_id).toBeNull();
  });

  await test.step('it is deleted', async () => {
    await page.reload();
    const profile = await open(page, 'OrganizationProfile');
    await profile.getByRole('button', { name: 'Delete organization' }).click();
    await confirm(profile, `${name} Labs`, 'Delete organization');
    await expect.poll(async () => (await whoAmI(page)).org_id).toBeNull();
  });
});

async function invite(form: Locator, { email }: Account) {
  await form.getByRole('textbox', { name: /Example format/ }).pressSequentially(`${email},`);
  await form.getByRole('button', { name: 'Send invitations' }).click();
  await expect(form.getByText('Invitations successfully sent')).toBeVisible();
}

async function confirm(profile: Locator, name: string, action: string) {
  await profile.getByLabel(/Type ".*" below/).fill(name);
  await profile.locator('form').getByRole('button', { name: action }).click();
}

const slug = (name: string) => name.toLowerCase().replaceAll(' ', '-');
