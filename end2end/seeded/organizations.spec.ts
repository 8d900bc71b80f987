import type { Page } from '@playwright/test';
import { CODE, enterCode, newAccount, startSignedIn, type Account } from '../account';
import { expect, test } from '../fixtures';
import { freshToken, mount, open, whoAmI } from '../page';

test.use({
  seed: `
[settings]
organization_domains = true

[features]
seats = { name = "Seats" }

[[plans]]
slug = "free_org"
name = "Free"
payer = "organization"

[[plans]]
slug = "team"
name = "Team"
payer = "organization"
monthly = 9900
features = ["seats"]
`,
});

const at = (domain: string, account: Account) => ({ ...account, email: account.email.replace('example.com', domain) });

/** Creates an account and an organization, and makes the organization active. */
async function startWithOrganization(page: Page, account: Account) {
  await startSignedIn(page, account);
  await page.evaluate(async (name) => {
    const clerk = (window as any).Clerk;
    await clerk.setActive({ organization: await clerk.createOrganization({ name }) });
  }, `Works of ${account.lastName}`);
  await page.goto('/plans');
}

test('an address at a verified domain allows joining the organization', async ({ page, newBrowser }) => {
  const [ada, grace] = [newAccount('Ada'), newAccount('Grace')];
  const domain = `${ada.lastName.toLowerCase()}.example`;
  await startWithOrganization(page, ada);

  await test.step('a domain is verified with an address at it', async () => {
    const profile = await open(page, 'OrganizationProfile');
    await profile.getByRole('button', { name: 'Add domain' }).click();
    await profile.getByLabel('Domain').fill(domain);
    await profile.getByRole('button', { name: 'Save' }).click();
    await profile.getByLabel('Email address').fill('ada');
    await profile.getByRole('button', { name: 'Save' }).click();
    await enterCode(page, CODE);
    await expect(profile.getByRole('button', { name: 'Add domain' })).toBeVisible();
  });

  await test.step('its enrollment mode is chosen', async () => {
    await page.reload();
    const profile = await open(page, 'OrganizationProfile');
    await profile.getByRole('menuitem', { name: 'Open menu' }).click();
    await page.getByRole('menuitem', { name: 'Manage' }).click();
    await profile.getByText('Automatic suggestions').click();
    await profile.getByRole('button', { name: 'Save' }).click();
    await expect(profile.locator('.cl-badge', { hasText: 'Automatic suggestions' })).toBeVisible();
  });

  const other = await (await newBrowser()).newPage();
  await test.step('a user with an address at the domain requests to join', async () => {
    await startSignedIn(other, at(domain, grace));
    await other.goto('/plans');
    const switcher = await mount(other, 'OrganizationSwitcher');
    await switcher.getByRole('button', { name: 'Open organization switcher' }).click();
    await other.getByRole('button', { name: 'Request to join' }).click();
    await expect(other.getByText('Pending approval')).toBeVisible();
  });

  await test.step('the request is approved', async () => {
    await page.reload();
    const profile = await open(page, 'OrganizationProfile');
    await profile.getByRole('button', { name: 'Members' }).click();
    await profile.getByRole('tab', { name: /Requests/ }).click();
    await profile.getByRole('row', { name: at(domain, grace).email }).getByRole('button', { name: 'Approve' }).click();
    await other.reload();
    const memberships = () =>
      other.evaluate(() => (window as any).Clerk.user.organizationMemberships.map((one: any) => one.role));
    await other.waitForFunction(() => (window as any).Clerk?.user);
    await expect.poll(memberships).toEqual(['org:member']);
  });
});

test("an organization's plan is in the token of its active members", async ({ page }) => {
  await startWithOrganization(page, newAccount());
  const profile = await open(page, 'OrganizationProfile');
  await profile.getByRole('button', { name: 'Billing' }).click();
  await profile.getByRole('button', { name: /plans/i }).click();
  const team = profile.locator('.cl-pricingTableCard').filter({ has: page.getByRole('heading', { name: 'Team' }) });
  await team.getByRole('button', { name: 'Subscribe' }).click();
  const checkoutHeading = page.getByRole('heading', { name: 'Checkout' });
  const checkout = page.getByRole('dialog').filter({ has: checkoutHeading }).last();
  await checkout.getByRole('button', { name: /^(Subscribe|Pay)/ }).click();
  await expect(page.getByRole('heading', { name: 'Payment was successful!' })).toBeVisible();
  await freshToken(page);
  const claims = () => page.evaluate(() => (window as any).Clerk.session.lastActiveToken.jwt.claims);
  expect(await claims()).toMatchObject({ pla: 'o:team', fea: 'o:seats' });
  expect(await whoAmI(page)).toHaveProperty('org_id');
});
