import assert from 'node:assert/strict';
import { fails } from './check.mjs';

export default async ({ clerk, program: { env } }) => {
  const { instance, allowlistIdentifiers, blocklistIdentifiers, redirectUrls, domains, signUps, webhooks } = clerk;
  assert.equal((await instance.get()).environmentType, 'development');
  await instance.update({ testMode: true });
  await fails(instance.update({ supportEmail: 'support@example.com' }), 400, 'not_supported_by_local_clerk');

  let attemptId;
  const signUp = async emailAddress => {
    const post = async (path, body) => (await fetch(env.CLERK_FAPI_URL + path, { method: 'POST', body: new URLSearchParams(body) })).json();
    const browser = await post('/v1/dev_browser', {});
    const reply = await post(`/v1/client/sign_ups?__clerk_db_jwt=${browser.id}`, { email_address: emailAddress });
    attemptId = reply.response?.id;
    return reply.errors?.[0].code ?? reply.response.status;
  };
  const allowed = await allowlistIdentifiers.createAllowlistIdentifier({ identifier: '*@good.example', notify: false });
  assert.equal(allowed.identifier, '*@good.example');
  assert.equal((await allowlistIdentifiers.getAllowlistIdentifierList()).data[0].id, allowed.id);
  const blocked = await blocklistIdentifiers.createBlocklistIdentifier({ identifier: 'bad@good.example' });
  assert.equal((await blocklistIdentifiers.getBlocklistIdentifierList()).totalCount, 1);
  await fails(blocklistIdentifiers.createBlocklistIdentifier({ identifier: 'bad@good.example' }), 422, 'duplicate_record');
  const rules = await instance.updateRestrictions({ allowlist: true, blocklist: true, blockEmailSubaddresses: true });
  assert.ok(rules.allowlist && rules.blocklist && rules.blockEmailSubaddresses);
  const environment = await (await fetch(`${env.CLERK_FAPI_URL}/v1/environment`)).json();
  assert.equal(environment.user_settings.restrictions.allowlist.enabled, true);
  assert.equal(await signUp('jane@other.example'), 'not_allowed_access');
  assert.equal(await signUp('bad@good.example'), 'not_allowed_access');
  assert.equal(await signUp('jane+x@good.example'), 'form_email_address_blocked');
  assert.equal(await signUp('jane@good.example'), 'missing_requirements');
  const attempt = await signUps.update({ signUpAttemptId: attemptId, externalId: 'crm-1', customAction: true });
  assert.deepEqual([attempt.externalId, attempt.customAction], ['crm-1', true]);
  assert.equal((await signUps.get(attemptId)).emailAddress, 'jane@good.example');
  assert.equal((await allowlistIdentifiers.deleteAllowlistIdentifier(allowed.id)).deleted, true);
  assert.equal((await blocklistIdentifiers.deleteBlocklistIdentifier(blocked.id)).deleted, true);
  await instance.updateRestrictions({ allowlist: false, blocklist: false, blockEmailSubaddresses: false });

  assert.equal((await instance.getOrganizationSettings()).domainsEnabled, true);
  assert.equal((await instance.updateOrganizationSettings({ domainsEnabled: false })).domainsEnabled, false);

  const url = await redirectUrls.createRedirectUrl({ url: 'my-app://callback' });
  assert.equal((await redirectUrls.getRedirectUrl(url.id)).url, 'my-app://callback');
  assert.deepEqual((await redirectUrls.getRedirectUrlList()).data.map(one => one.id), [url.id]);
  await redirectUrls.deleteRedirectUrl(url.id);
  await fails(redirectUrls.getRedirectUrl(url.id), 404, 'resource_not_found');

  const page = await webhooks.generateSvixAuthURL();
  assert.equal(page.svixUrl ?? page.svix_url, `${env.CLERK_API_URL}/`);
  await fails(webhooks.createSvixApp(), 400, 'svix_app_exists');
  const [domain] = (await domains.list()).data;
  assert.deepEqual([domain.isSatellite, domain.frontendApiUrl], [false, env.CLERK_FAPI_URL]);
};
