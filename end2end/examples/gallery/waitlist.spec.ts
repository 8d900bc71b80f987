import { expectEachShown, test } from './gallery';

test.use({ settings: 'sign_up_mode = "waitlist"' });

test('Waitlist', async ({ page }) => {
  await expectEachShown(page, ['waitlist']);
});
