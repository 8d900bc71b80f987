import { clerkSetup as clerkSetupForCypress } from '@clerk/testing/cypress';
import { clerk, clerkSetup, createAgentTestingTask, setupClerkTestingToken } from '@clerk/testing/playwright';
import { userButton } from './account';
import { expect, test } from './fixtures';
import { whoAmI } from './page';

/** The demo user of the default seed. */
const DEMO = { identifier: 'demo+clerk_test@example.com', password: 'local-clerk-demo' };

// A project with a single instance does this in Playwright's global setup.
test.beforeEach(async ({ environment }) => {
  Object.assign(process.env, environment, { CLERK_TESTING_TOKEN: '' });
  await clerkSetup({ dotenv: false });
});

test('a testing token is fetched from the Backend API', () => {
  expect(process.env.CLERK_TESTING_TOKEN).toMatch(/^\d+-/);
});

test('the set-up for Cypress fetches one, too', async ({ environment }) => {
  const config = { env: {} } as Parameters<typeof clerkSetupForCypress>[0]['config'];
  const { env } = await clerkSetupForCypress({ config, options: { dotenv: false } });
  expect(env.CLERK_TESTING_TOKEN).toMatch(/^\d+-/);
  const [, , host] = environment.CLERK_PUBLISHABLE_KEY.split('_');
  expect(`${env.CLERK_FAPI}$`).toBe(atob(host));
});

test("Clerk's testing helpers sign in and sign out", async ({ page, backend }) => {
  await setupClerkTestingToken({ page });
  await page.goto('/');
  await clerk.loaded({ page });

  const { data } = await backend.users.getUserList({ emailAddress: [DEMO.identifier] });
  const userId = data[0].id;
  const { token } = await backend.signInTokens.createSignInToken({ userId, expiresInSeconds: 60 });
  for (const signInParams of [
    { strategy: 'password', ...DEMO },
    { strategy: 'email_code', identifier: DEMO.identifier },
    { strategy: 'ticket', ticket: token },
  ] as const) {
    await clerk.signIn({ page, signInParams });
    await expect(userButton(page)).toBeVisible();
    expect((await whoAmI(page)).user_id).toBe(userId);
    await clerk.signOut({ page });
    await expect(userButton(page)).toBeHidden();
  }
});

test("the address of Clerk's agent task signs in without the app's pages", async ({ page, baseURL }) => {
  const task = await createAgentTestingTask({
    onBehalfOf: { identifier: DEMO.identifier },
    permissions: '*',
    agentName: 'tests',
    taskDescription: 'Opens the profile',
    redirectUrl: new URL('/profile', baseURL).href,
  });
  await page.goto(task.url);
  await expect(page).toHaveURL(/\/profile$/);
  await expect(userButton(page)).toBeVisible();
});
