import assert from 'node:assert/strict';
import { verifyWebhook } from '@clerk/backend/webhooks';

/** Verifies the webhooks of the preceding calls with the official package. */
export default async ({ program: { env, messages } }) => {
  const signingSecret = env.CLERK_WEBHOOK_SIGNING_SECRET;
  const request = ({ headers, body }) => new Request('http://localhost/', { method: 'POST', headers, body });
  const events = await Promise.all(messages.map(message => verifyWebhook(request(message), { signingSecret })));
  const types = new Set(events.map(event => event.type));
  for (const type of [
    'user.created',
    'user.updated',
    'user.deleted',
    'session.created',
    'session.revoked',
    'organization.created',
    'organization.updated',
    'organization.deleted',
    'organizationMembership.created',
    'organizationMembership.updated',
    'organizationMembership.deleted',
    'organizationInvitation.created',
    'organizationInvitation.revoked',
    'email.created',
  ])
    assert.ok(types.has(type), `${type} in ${[...types]}`);
  // Deliveries are concurrent, so their order may differ from that of the calls.
  const index = events.findIndex(
    ({ type, data }) => type === 'user.created' && data.email_addresses[0]?.email_address === 'jane@example.com',
  );
  assert.equal(events[index]?.object, 'event');
  const forged = { ...messages[index], body: messages[index].body.replace('jane@', 'joan@') };
  await assert.rejects(verifyWebhook(request(forged), { signingSecret }));
};
