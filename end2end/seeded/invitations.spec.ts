import { userButton } from '../account';
import { expect, test } from '../fixtures';
import { heading, settled, whoAmI } from '../page';

test.use({
  seed: `
    [settings]
    sign_up_mode = "restricted"

    [[users]]
    email_addresses = ["grace@example.com"]
    password = "correct horse battery"

    [[organizations]]
    name = "Acme"
    slug = "acme"
    members = [{ user = "grace@example.com", role = "org:admin" }]
  `,
});

test('in restricted mode only an invitation allows sign-up', async ({ page, backend }) => {
  await page.goto('/sign-up');
  await settled(page);
  await expect(page.getByText('Access restricted')).toBeVisible();

  const { url } = await backend.invitations.createInvitation({
    emailAddress: 'ada@example.com',
    publicMetadata: { tier: 'beta' },
  });
  await page.goto(url!);
  const password = page.getByLabel('Password', { exact: true });
  await password.fill('correct horse battery');
  await password.press('Enter');
  await expect(userButton(page)).toBeVisible();

  const { user_id: id } = await whoAmI(page);
  const user = await backend.users.getUser(id);
  expect(user.primaryEmailAddress?.verification?.status).toBe('verified');
  expect(user.publicMetadata).toEqual({ tier: 'beta' });
});

test('an invitation to an organization makes its recipient a member', async ({ page, newBrowser, backend }) => {
  const { data: organizations } = await backend.organizations.getOrganizationList();
  const invite = async (emailAddress: string) => {
    const invitation = { organizationId: organizations[0].id, emailAddress, role: 'org:member' };
    return (await backend.organizations.createOrganizationInvitation(invitation)).url!;
  };

  await test.step('a recipient without an account signs up', async () => {
    await page.goto(await invite('edsger@example.com'));
    const password = page.getByLabel('Password', { exact: true });
    await password.fill('correct horse battery');
    await password.press('Enter');
    await expect(userButton(page)).toBeVisible();
    expect(await whoAmI(page)).toMatchObject({ org_slug: 'acme', org_role: 'org:member' });
  });

  await test.step('a recipient with an account is signed in', async () => {
    await backend.users.createUser({ emailAddress: ['barbara@example.com'], firstName: 'Barbara', skipPasswordRequirement: true });
    const other = await (await newBrowser()).newPage();
    await other.goto(await invite('barbara@example.com'));
    await expect(userButton(other)).toBeVisible();
    await other.goto('/profile');
    await expect(heading(other)).toContainText('Barbara');
  });
});
