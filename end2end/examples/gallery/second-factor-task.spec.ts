import { expect, expectShown, signInAs, test } from './gallery';

test.use({ settings: 'second_factor_required = true' });

test('TaskSetupMFA, and what a pending session sees', async ({ page, allow }) => {
  allow(/pending tasks but no handling/);
  await signInAs(page, 'ada');
  await page.goto('/show');
  await expect(page.locator('#signed-in')).toHaveText('no');
  await expect(page.locator('#pending')).toHaveText('yes');
  await page.goto('/task-setup-mfa');
  await expectShown(page, 'task-setup-mfa');

  await test.step('RedirectToTasks, on the server and in the browser', async () => {
    const response = await page.request.get('/redirect-to-tasks', { maxRedirects: 0, headers: { accept: 'text/html' } });
    expect(response.status()).toBe(302);
    expect(response.headers().location).toBe('/sign-in/tasks?redirect_url=%2Fshow');
    await page.goto('/redirect-to-tasks');
    await expect(page).toHaveURL(/\/sign-in\/tasks/);
  });
});
