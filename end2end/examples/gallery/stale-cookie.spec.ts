import { expect, loaded, signInAs, test } from './gallery';

/** The lifetime of a session token, in seconds. Clerk issues tokens for a minute, which would be long to wait for. */
const LIFETIME = 10;

test.use({ settings: `token_lifetime = ${LIFETIME}` });

test('ClerkClient repeats a call that is refused for a stale cookie, once', async ({ page, context, allow }) => {
  // As in a background tab: clerk-js has a fresh token, but has not renewed the cookies yet.
  await page.addInitScript(() => {
    const { get, set } = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie')!;
    const isHeld = (value: string) => (window as any).holdsCookies && value.startsWith('__session');
    Object.defineProperty(document, 'cookie', {
      get,
      set(value: string) {
        if (!isHeld(value)) set!.call(document, value);
      },
    });
  });
  await signInAs(page, 'ada');
  await page.goto('/clerk-client');
  await loaded(page);
  await page.evaluate(() => ((window as any).holdsCookies = true));
  const [cookie] = (await context.cookies()).filter(({ name }) => name === '__session');
  const { exp } = JSON.parse(Buffer.from(cookie.value.split('.')[1], 'base64url').toString()) as { exp: number };
  // The server accepts a token for another five seconds, because clocks differ.
  await expect.poll(() => Date.now() / 1000 - exp, { intervals: [500] }).toBeGreaterThan(6);

  const calls: { status: number; hasToken: boolean }[] = [];
  page.on('response', (response) => {
    if (!/\/greet\d*$/.test(new URL(response.url()).pathname)) return;
    calls.push({ status: response.status(), hasToken: 'authorization' in response.request().headers() });
  });
  allow(/status of 401/);
  await page.getByRole('button', { name: 'Greet' }).click();
  await expect(page.getByRole('status')).toHaveText(/^Hello, user_/);
  expect(calls).toEqual([
    { status: 401, hasToken: false },
    { status: 200, hasToken: true },
  ]);
});

test('ClerkClient does not repeat the call of a visitor who is signed out', async ({ page, allow }) => {
  let calls = 0;
  page.on('request', (request) => (calls += Number(/\/greet\d*$/.test(new URL(request.url()).pathname))));
  await page.goto('/clerk-client');
  await loaded(page);
  allow(/status of 401/);
  await page.getByRole('button', { name: 'Greet' }).click();
  await expect(page.getByRole('status')).toHaveText(/^failed: ./);
  expect(calls).toBe(1);
});
