import { component, expect, loaded, navigate, test } from './gallery';

test.use({ settings: 'organizations = false' });

test('a component that Clerk refuses says why, and leaves its fallback', async ({ page, allow }) => {
  allow(/is not shown|requires an active user session|cannot|Clerk/i);
  const messages: string[] = [];
  page.on('console', (message) => messages.push(message.text()));
  for (const element of ['user-profile', 'organization-switcher']) {
    await page.goto(`/${element}`);
    await loaded(page);
    await expect(component(page, element).locator('.fallback')).toBeVisible();
  }
  await expect.poll(() => messages.join('\n')).toMatch(/<UserProfile> is not shown: [^]*unless a user is signed in/);
  await navigate(page, 'user-profile');
  await expect(component(page, 'user-profile').locator('.fallback')).toBeVisible();
});
