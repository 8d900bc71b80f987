import { clerk } from '@clerk/testing/playwright';
import { acme, ada, ben, expect, signIn, test } from './fixtures';

test('invites a newcomer, who becomes a member and then an admin', async ({ page, po, backend, emulator }) => {
  const email = 'gwen+clerk_test@example.com';
  await signIn(page, backend, ada.id);
  await page.evaluate(organization => window.Clerk.setActive({ organization }), acme);
  const invite = (address: string) =>
    page.evaluate(
      async address => {
        const body = JSON.stringify({ email: address });
        const headers = { 'Content-Type': 'application/json' };
        return (await fetch('/api/invitations', { method: 'POST', headers, body })).status;
      },
      address,
    );
  expect(await invite(email)).toBe(201);
  const { link, kind } = await emulator.message(email);
  expect(kind).toBe('organization_invitation');
  await clerk.signOut({ page });

  await page.goto(link);
  await po.signUp.waitForMounted();
  await po.signUp.setPassword('zebra-lamp-4711');
  await po.signUp.continue();
  await po.expect.toBeSignedIn();
  await page.goto('/');
  await po.clerk.toBeLoaded();
  await page.evaluate(organization => window.Clerk.setActive({ organization }), acme);
  const members = () => page.evaluate(async () => (await fetch('/api/members')).status);
  expect(await members()).toBe(403);

  const { data } = await backend.users.getUserList({ emailAddress: [email] });
  const membership = { organizationId: acme, userId: data[0]!.id };
  await backend.organizations.updateOrganizationMembership({ ...membership, role: 'org:admin' });
  await page.evaluate(() => window.Clerk.session!.getToken({ skipCache: true }));
  expect(await members()).toBe(200);
});

test('switches to an organization, and shows its members', async ({ page, po, backend }) => {
  await signIn(page, backend, ben.id);
  await po.organizationSwitcher.goTo();
  await po.organizationSwitcher.toggleTrigger();
  await page.getByRole('button', { name: /Acme/ }).click();
  await page.waitForFunction(id => window.Clerk.organization?.id === id, acme);
  await po.organizationProfile.goTo();
  await po.organizationProfile.switchToMembersTab();
  await expect(page.getByText(ada.email)).toBeVisible();
});
