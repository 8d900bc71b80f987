import { createAgentTestingTask } from '@clerk/testing/playwright';
import { ada, cleo, expect, signIn, test } from './fixtures';

test('signs in on the account portal, if the app has no page for it', async ({ page, po, emulator, app }) => {
  process.env.CLERK_SIGN_IN_URL = `${emulator.url}/sign-in`;
  try {
    await page.goto('/protected');
    await page.waitForURL(`${emulator.url}/sign-in**`);
    await po.signIn.signInWithEmailAndInstantPassword({ ...ada, waitForSession: false });
    await page.waitForURL(`${app.url}/protected**`);
    await expect(page.getByText(`Hello ${ada.id}`)).toBeVisible();
  } finally {
    delete process.env.CLERK_SIGN_IN_URL;
  }
});

test('does not lead from the account portal to other hosts', async ({ page, emulator }) => {
  const reply = await page.goto(`${emulator.url}/sign-in?redirect_url=https://evil.example/`);
  expect(reply?.status()).toBe(422);
});

test('lets an agent in, in the name of a user', async ({ page, app }) => {
  const { url } = await createAgentTestingTask({
    onBehalfOf: { userId: cleo.id },
    permissions: '*',
    agentName: 'robot',
    taskDescription: 'Reads the protected page',
    redirectUrl: `${app.url}/protected`,
  });
  await page.goto(url);
  await expect(page.getByText(`Hello ${cleo.id}`)).toBeVisible();
});

test('lets people in from the waitlist', async ({ page, po, backend, emulator }) => {
  const email = 'dora+clerk_test@example.com';
  await emulator.settings({ sign_up_mode: 'waitlist' });
  await po.waitlist.goTo();
  await po.waitlist.joinWaitlist({ email });
  const confirmation = await emulator.message(email);
  expect(confirmation.kind).toBe('waitlist_confirmation');

  const { data: entries } = await backend.waitlistEntries.list();
  expect(entries.map(({ emailAddress, status }) => ({ emailAddress, status }))).toEqual([
    { emailAddress: email, status: 'pending' },
  ]);
  await backend.waitlistEntries.invite(entries[0]!.id);
  const invitation = await emulator.message(email, confirmation.id);
  expect(invitation.kind).toBe('waitlist_invitation');

  await page.goto(invitation.link);
  await po.signUp.waitForMounted();
  await po.signUp.setPassword('zebra-lamp-4711');
  await po.signUp.continue();
  await po.expect.toBeSignedIn();
  const { data: users } = await backend.users.getUserList({ emailAddress: [email] });
  expect(users).toHaveLength(1);
});

test('sells a plan, and renews it', async ({ page, po, backend, emulator }) => {
  await signIn(page, backend, ada.id);
  await po.page.goToRelative('/pricing');
  await po.pricingTable.waitForMounted();
  await po.pricingTable.startCheckout({ planSlug: 'pro' });
  await po.checkout.waitForMounted();
  await po.checkout.clickPayOrSubscribe();
  await po.checkout.confirmAndContinue();
  await page.waitForURL('/');
  await po.clerk.toBeLoaded();
  await page.evaluate(() => window.Clerk.session!.getToken({ skipCache: true })); // one that has the new plan
  await page.goto('/protected');
  await expect(page.getByText('pro plan')).toBeVisible();

  const period = async () => {
    const { subscriptionItems } = await backend.billing.getUserBillingSubscription(ada.id);
    const item = subscriptionItems.find(({ plan, status }) => plan?.slug === 'pro' && status === 'active')!;
    return { start: item.periodStart, end: item.periodEnd! };
  };
  const first = await period();
  await emulator.advance('32d');
  const second = await period();
  expect(second.start).toBe(first.end);
  expect(second.end).toBeGreaterThan(first.end);
});
