import { startSignedIn, userButton } from '../account';
import { expect, test } from '../fixtures';
import { startHttpsProxy } from '../https';
import { settled } from '../page';
import { startServer } from '../server';

test('over https, the browser keeps and removes the session cookie with the prefix __Host-', async ({ newBrowser }) => {
  const proxy = await startHttpsProxy();
  const server = await startServer('development', '', proxy.origin);
  try {
    proxy.target = server.origin;
    const browser = await newBrowser({ baseURL: proxy.origin, ignoreHTTPSErrors: true });
    const sessions = async () => (await browser.cookies()).filter(({ name }) => name.endsWith('app_session'));
    const page = await browser.newPage();
    await startSignedIn(page);
    await page.goto('/profile');
    expect(await sessions()).toMatchObject([{ name: '__Host-app_session', secure: true, httpOnly: true, path: '/' }]);

    await userButton(page).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
    await expect(userButton(page)).toBeHidden();
    await page.goto('/');
    expect(await sessions()).toEqual([]);
    await settled(page);
    await page.close();
  } finally {
    await server.stop();
    proxy.stop();
  }
});
