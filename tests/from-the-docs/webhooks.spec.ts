import type { Emulator } from './emulator';
import { expect, test } from './fixtures';

const email = 'finn+clerk_test@example.com';
const person = { emailAddress: [email], password: 'zebra-lamp-4711' };

const listen = (emulator: Emulator, url: string, endpoint = {}) =>
  emulator.call('POST', '/webhooks', { url: `${url}/webhooks`, events: ['user.*'], ...endpoint });

test('has a row for who signs up', async ({ page, po, app, emulator }) => {
  await listen(emulator, app.url);
  await po.signUp.goTo();
  await po.signUp.signUpWithEmailAndPassword({ email, password: person.password });
  const { code } = await emulator.message(email);
  await po.signUp.enterOtpCode(code, { awaitRequests: false });
  await po.expect.toBeSignedIn();
  await expect(page.getByText(`Signed in as ${email}`)).toBeVisible();
  const deliveries = await emulator.deliveries('user.created');
  expect(deliveries.map(({ status }) => status)).toEqual(['delivered']);
  expect([...app.users.values()].map(row => row.email)).toEqual([email]);
});

test('follows changes and deletions', async ({ app, backend, emulator }) => {
  await listen(emulator, app.url);
  const { id } = await backend.users.createUser(person);
  await emulator.deliveries();
  expect(app.users.get(id)?.email).toBe(email);
  await backend.users.deleteUser(id);
  await emulator.deliveries();
  expect(app.users.get(id)?.email).toBeUndefined();
});

test('takes events in any order', async ({ app, backend, emulator }) => {
  const { id: webhook } = await listen(emulator, app.url, { paused: true });
  const kept = await backend.users.createUser(person);
  await backend.users.updateUser(kept.id, { firstName: 'Finn' });
  const deleted = await backend.users.createUser({ emailAddress: ['gone@example.com'], password: person.password });
  await backend.users.deleteUser(deleted.id);
  await emulator.deliveries();
  expect(app.users.size).toBe(0);

  expect(await emulator.call('POST', '/deliveries/flush', { order: 'reverse' })).toEqual({ flushed: 4 });
  const deliveries = await emulator.deliveries();
  expect(deliveries.map(({ status }) => status)).toEqual(Array(4).fill('delivered'));
  expect(app.users.get(kept.id)?.email).toBe(email);
  expect(app.users.get(deleted.id)?.email).toBeUndefined();
  expect((await emulator.call('GET', `/webhooks/${webhook}`)).paused).toBe(true);
});

test('takes an event twice', async ({ app, backend, emulator }) => {
  await listen(emulator, app.url);
  const { id } = await backend.users.createUser(person);
  const [delivery] = await emulator.deliveries('user.created');
  await backend.users.deleteUser(id);
  await emulator.deliveries();
  await emulator.call('POST', `/deliveries/${delivery!.id}/resend`);
  const again = await emulator.deliveries('user.created');
  expect(again.find(({ id }) => id === delivery!.id)).toMatchObject({ svix_id: delivery!.svix_id, attempts: 2 });
  expect(app.users.get(id)?.email).toBeUndefined();
});

test('refuses events with another signature, and takes them later', async ({ app, backend, emulator }) => {
  const secret = `whsec_${btoa('some other secret, not ours')}`;
  const { id: webhook } = await listen(emulator, app.url, { secret });
  const { id } = await backend.users.createUser(person);
  const [refused] = await emulator.deliveries('user.created');
  expect(refused).toMatchObject({ status: 'pending', attempts: 1, outcome: '400 Bad Request' });
  expect(app.users.size).toBe(0);

  await emulator.call('PATCH', `/webhooks/${webhook}`, { secret: null });
  await emulator.advance('5s'); // the time until the second attempt
  const [delivery] = await emulator.deliveries('user.created');
  expect(delivery).toMatchObject({ status: 'delivered', attempts: 2 });
  expect(app.users.get(id)?.email).toBe(email);
});
