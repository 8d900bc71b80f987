import assert from 'node:assert/strict';
import { fails } from './check.mjs';

export default async ({ clerk, program: { env } }) => {
  const { instance, allowlistIdentifiers, blocklistIdentifiers, redirectUrls, organizationRoles, organizationPermissions } = clerk;
  assert.equal((await instance.get()).environmentType, 'development');
  await instance.update({ testMode: true });
  await fails(instance.update({ supportEmail: 'support@example.com' }), 400, 'not_supported_by_local_clerk');

  const signUp = async emailAddress => {
    const post = async (path, body) => (await fetch(env.CLERK_FAPI_URL + path, { method: 'POST', body: new URLSearchParams(body) })).json();
    const browser = await post('/v1/dev_browser', {});
    const reply = await post(`/v1/client/sign_ups?__clerk_db_jwt=${browser.id}`, { email_address: emailAddress });
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

  const roles = await organizationRoles.getOrganizationRoleList();
  assert.deepEqual(roles.data.map(role => role.key), ['org:admin', 'org:member']);
  assert.equal((await organizationRoles.getOrganizationRole(roles.data[0].id)).key, 'org:admin');
  const permissions = await organizationPermissions.getOrganizationPermissionList({ query: 'profile' });
  assert.deepEqual(permissions.data.map(one => one.key), ['org:sys_profile:manage', 'org:sys_profile:delete']);
  assert.equal((await organizationPermissions.getOrganizationPermission(permissions.data[0].id)).key, 'org:sys_profile:manage');
};
