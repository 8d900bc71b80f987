import { expectShown, loaded, PASSWORD, test } from './gallery';

test('TaskResetPassword', async ({ page, gallery }) => {
  const email = 'compromised@example.com';
  const user = await gallery.backend.users.createUser({ emailAddress: [email], password: PASSWORD });
  await gallery.backend.users.setPasswordCompromised(user.id);
  await page.goto('/sign-in');
  await loaded(page);
  await page.evaluate(
    async (credentials) => {
      const clerk = (window as any).Clerk;
      const { createdSessionId } = await clerk.client.signIn.create(credentials);
      await clerk.setActive({ session: createdSessionId, navigate: () => {} });
    },
    { identifier: email, password: PASSWORD },
  );
  await page.goto('/task-reset-password');
  await expectShown(page, 'task-reset-password');
});
