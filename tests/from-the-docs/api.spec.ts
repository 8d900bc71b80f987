import type { ClerkClient } from '@clerk/backend';
import { acme, ada, ben, expect, test } from './fixtures';
import type { Emulator } from './emulator';

/** A session in which Acme is active, and the header that the user sends in it. */
async function session(emulator: Emulator, user: { id: string }) {
  const azp = process.env.APP_URL; // no page was opened, from which the local Clerk could know it
  const reply = await fetch(`${emulator.url}/v1/sessions`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${emulator.environment.CLERK_SECRET_KEY}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ user_id: user.id, active_organization_id: acme }), // @clerk/backend does not have it
  });
  expect(reply.status).toBe(200);
  const { id } = (await reply.json()) as { id: string };
  const headers = async (token = {}) => ({
    Authorization: `Bearer ${await emulator.token({ session_id: id, azp, ...token })}`,
  });
  return { id, headers };
}

const invited = async (backend: ClerkClient) =>
  (await backend.organizations.getOrganizationInvitationList({ organizationId: acme })).data.map(
    ({ emailAddress, status }) => ({ emailAddress, status }),
  );

test('shows the members of an organization to its admins only', async ({ request, emulator }) => {
  expect((await request.get('/api/members')).status()).toBe(401);
  const members = await session(emulator, ben);
  expect((await request.get('/api/members', { headers: await members.headers() })).status()).toBe(403);
  const admins = await session(emulator, ada);
  const reply = await request.get('/api/members', { headers: await admins.headers() });
  expect(reply.status()).toBe(200);
  const list = await reply.json();
  expect(list).toHaveLength(2);
  expect(list).toContainEqual({ role: 'org:admin', user: ada.id });
  expect(list).toContainEqual({ role: 'org:member', user: ben.id });
});

test('refuses tokens that have expired, and those of other apps', async ({ request, emulator }) => {
  const { headers } = await session(emulator, ada);
  const status = async (token: object) =>
    (await request.get('/api/members', { headers: await headers(token) })).status();
  expect(await status({ expires_in: 60 })).toBe(200);
  expect(await status({ expires_in: -60 })).toBe(401);
  expect(await status({ azp: 'http://other.example' })).toBe(401);
});

test('passes on how long Clerk is not available', async ({ request, emulator }) => {
  const path = '/v1/organizations/{id}/memberships';
  await emulator.fault({ api: 'backend', method: 'GET', path, status: 503, retry_after: 7, count: 1 });
  const { headers } = await session(emulator, ada);
  const failed = await request.get('/api/members', { headers: await headers() });
  expect(failed.status()).toBe(503);
  expect(failed.headers()['retry-after']).toBe('7');
  expect((await request.get('/api/members', { headers: await headers() })).status()).toBe(200);

  const asked = await emulator.requests({ path });
  expect(asked.map(({ api, status }) => [api, status])).toEqual([
    ['backend', 200],
    ['backend', 503],
  ]);
});

test('invites once, even if the reply is lost', async ({ request, backend, emulator }) => {
  const path = '/v1/organizations/{id}/invitations';
  await emulator.fault({ api: 'backend', method: 'POST', path, status: 502, count: 1, after: true });
  const { headers } = await session(emulator, ada);
  const data = { email: 'eve@example.com' };
  const reply = await request.post('/api/invitations', { headers: await headers(), data });
  expect(reply.status()).toBe(201);
  expect(await invited(backend)).toEqual([{ emailAddress: data.email, status: 'pending' }]);
  expect((await emulator.call('GET', `/messages?to=${data.email}`)).total_count).toBe(1);
  expect(await emulator.requests({ path, status: '502' })).toHaveLength(1);
});

test('tells the user, if nobody could be invited', async ({ request, backend, emulator }) => {
  await emulator.fault({ api: 'backend', method: 'POST', path: '/v1/organizations/*', status: 500, count: 1 });
  const { headers } = await session(emulator, ada);
  const data = { email: 'eve@example.com' };
  const reply = await request.post('/api/invitations', { headers: await headers(), data });
  expect(reply.status()).toBe(503);
  expect(await invited(backend)).toEqual([]);
});

test('lists what was asked for and does not exist', async ({ backend, emulator }) => {
  const headers = { Authorization: `Bearer ${emulator.environment.CLERK_SECRET_KEY}` };
  expect((await fetch(`${emulator.url}/v1/userz`, { headers })).status).toBe(404);
  await expect(backend.samlConnections.getSamlConnectionList()).rejects.toThrow();
  const unknown = await emulator.unknown();
  expect(unknown).toHaveLength(2);
  expect(unknown).toContainEqual({ api: 'backend', method: 'GET', path: '/v1/userz', count: 1, in_contract: false });
  expect(unknown).toContainEqual({ api: 'backend', method: 'GET', path: '/v1/saml_connections', count: 1, in_contract: true });
  await emulator.reset();
  expect(await emulator.unknown()).toEqual([]);
});
