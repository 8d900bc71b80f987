import assert from 'node:assert/strict';
import { fails } from './check.mjs';

export default async ({ clerk: { billing, users, organizations }, isThere }) => {
  const plans = await billing.getPlanList({ payerType: 'user' });
  assert.deepEqual(plans.data.map(plan => plan.slug), ['free_user', 'pro']);
  const [paula] = (await users.getUserList({ emailAddress: ['paula@example.com'] })).data;
  const subscription = await billing.getUserBillingSubscription(paula.id);
  const active = subscription.subscriptionItems.find(item => item.status === 'active');
  assert.equal(active.plan.slug, 'pro');
  if (isThere('billing.getOrganizationBillingSubscription')) {
    const initech = await organizations.getOrganization({ slug: 'initech' });
    const ofOrganization = await billing.getOrganizationBillingSubscription(initech.id);
    assert.equal(ofOrganization.subscriptionItems[0].plan.slug, 'business');
  }
  if (!isThere('billing.cancelSubscriptionItem')) return;
  const canceled = await billing.cancelSubscriptionItem(active.id);
  assert.ok(canceled.canceledAt && canceled.periodEnd);
  await fails(billing.cancelSubscriptionItem('csubi_unknown'), 404, 'resource_not_found');
  await billing.cancelSubscriptionItem(active.id, { endNow: true });
  const after = await billing.getUserBillingSubscription(paula.id);
  assert.deepEqual(after.subscriptionItems.map(item => item.plan.slug), ['free_user']);
};
