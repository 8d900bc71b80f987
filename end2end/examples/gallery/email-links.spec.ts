import type { BrowserContext, Page } from '@playwright/test';
import { expect, loaded, signInAs, test } from './gallery';

test.use({ settings: 'email_links = true' });

/** The newest link in the mailbox of the local Clerk, other than the last one. */
async function newLink(page: Page, mailbox: string, last = '') {
  const find = async () => {
    const html = await (await page.request.get(mailbox)).text();
    const link = html.match(/href="([^"]*\/v1\/verify\?token=[^"]*)"/)?.[1] ?? '';
    return link === last ? '' : link;
  };
  await expect.poll(find).not.toBe('');
  return find();
}

/** Adds an e-mail address to the user, and opens the page that verifies it. */
async function addAddress(page: Page) {
  const id = await page.evaluate(
    async () => (await (window as any).Clerk.user.createEmailAddress({ email: 'countess@example.com' })).id as string,
  );
  await page.goto(`/use-email-link?address=${id}`);
  await loaded(page);
  return id;
}

async function follow(context: BrowserContext, link: string) {
  const tab = await context.newPage();
  await tab.goto(link);
  return tab;
}

test('use_email_link signs up and in, and the tab of the link goes on too', async ({ page, context, gallery }) => {
  await page.goto('/use-email-link');
  await loaded(page);
  await page.getByLabel('Email address').fill('charles@example.com');
  await page.getByRole('button', { name: 'Sign up' }).click();
  const first = await newLink(page, gallery.mailbox);
  const tab = await follow(context, first);
  await expect(tab).toHaveURL('/show');
  await tab.close();
  await expect(page).toHaveURL('/show');
  await expect(page.locator('#signed-in')).toHaveText('yes');

  await page.evaluate(() => (window as any).Clerk.signOut(() => {}));
  await page.goto('/use-email-link');
  await loaded(page);
  await page.getByLabel('Email address').fill('charles@example.com');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await follow(context, await newLink(page, gallery.mailbox, first));
  await expect(page).toHaveURL('/show');
  await expect(page.locator('#signed-in')).toHaveText('yes');
});

test('a link that is opened elsewhere lets the first browser go on', async ({ page, gallery, newBrowser }) => {
  await page.goto('/use-email-link');
  await loaded(page);
  await page.getByLabel('Email address').fill('charles@example.com');
  await page.getByRole('button', { name: 'Sign up' }).click();
  const tab = await follow(await newBrowser(), await newLink(page, gallery.mailbox));
  await expect(tab.getByRole('status')).toHaveText('Go on in the other browser.');
  await expect(page).toHaveURL('/show');
});

test('use_email_link asks for an e-mail address of the user, until it is cancelled', async ({ page, context, gallery, allow }) => {
  await signInAs(page, 'ada');
  const id = await addAddress(page);
  let asked = 0;
  page.on('request', (request) => (asked += Number(request.method() === 'GET' && request.url().includes(id))));
  const verify = page.getByRole('button', { name: 'Verify' });
  await verify.click();
  const link = await newLink(page, gallery.mailbox);
  await expect.poll(() => asked).toBeGreaterThan(1);
  await page.getByRole('button', { name: 'Cancel' }).click();
  const before = asked;

  await (await follow(context, link)).close();
  allow(/status of 400/);
  await verify.click();
  await expect(page.getByRole('alert')).toHaveText('verification_already_verified');
  expect(asked).toBe(before);
});

test('use_email_link verifies an e-mail address of the user', async ({ page, context, gallery }) => {
  await signInAs(page, 'ada');
  await addAddress(page);
  await page.getByRole('button', { name: 'Verify' }).click();
  await follow(context, await newLink(page, gallery.mailbox));
  await expect(page.getByRole('status')).toHaveText('verified');
});

test('why a link cannot be used', async ({ page }) => {
  for (const [status, code] of [['expired', 'Expired'], ['client_mismatch', 'ClientMismatch'], ['nonsense', 'Failed']]) {
    await page.goto(`/verify-email-link?__clerk_status=${status}`);
    await expect(page.getByRole('alert')).toHaveText(code);
  }
});
