import assert from 'node:assert/strict';
import { fails } from './check.mjs';

export default async ({ clerk: { organizationRoles, organizationPermissions, roleSets, organizations, users } }) => {
  const roles = await organizationRoles.getOrganizationRoleList();
  assert.deepEqual(roles.data.map(role => role.key), ['org:admin', 'org:member']);
  assert.equal((await organizationRoles.getOrganizationRole(roles.data[0].id)).key, 'org:admin');
  const system = await organizationPermissions.getOrganizationPermissionList({ query: 'profile', orderBy: 'key' });
  assert.deepEqual(system.data.map(one => one.key), ['org:sys_profile:delete', 'org:sys_profile:manage']);

  const permission = await organizationPermissions.createOrganizationPermission({ name: 'Write posts', key: 'org:posts:write' });
  assert.equal((await organizationPermissions.getOrganizationPermission(permission.id)).key, 'org:posts:write');
  const permissionId = permission.id;
  const changed = await organizationPermissions.updateOrganizationPermission({ permissionId, description: 'All of them' });
  assert.deepEqual([changed.name, changed.description], ['Write posts', 'All of them']);
  await fails(organizationPermissions.deleteOrganizationPermission(system.data[0].id), 403, 'organization_system_permission_not_modifiable');

  const role = await organizationRoles.createOrganizationRole({ name: 'Editor', key: 'org:editor', permissions: [system.data[1].id] });
  const organizationRoleId = role.id;
  const both = await organizationRoles.assignPermissionToOrganizationRole({ organizationRoleId, permissionId });
  assert.deepEqual(both.permissions.map(one => one.key), ['org:sys_profile:manage', 'org:posts:write']);
  const one = await organizationRoles.removePermissionFromOrganizationRole({ organizationRoleId, permissionId: system.data[1].id });
  assert.deepEqual(one.permissions.map(({ key }) => key), ['org:posts:write']);
  assert.equal((await organizationRoles.updateOrganizationRole({ organizationRoleId, name: 'Writer' })).name, 'Writer');

  const user = await users.createUser({ emailAddress: ['editor@example.com'] });
  const { id: organizationId } = await organizations.createOrganization({ name: 'Press', createdBy: user.id });
  const joined = await organizations.updateOrganizationMembership({ organizationId, userId: user.id, role: 'org:editor' });
  assert.deepEqual([joined.role, joined.permissions], ['org:editor', ['org:posts:write']]);
  await fails(organizationRoles.deleteOrganizationRole(role.id), 422, 'organization_role_assigned_members');
  await organizations.deleteOrganization(organizationId);
  assert.equal((await organizationRoles.deleteOrganizationRole(role.id)).deleted, true);
  assert.equal((await organizationPermissions.deleteOrganizationPermission(permission.id)).deleted, true);

  const [set] = (await roleSets.getRoleSetList()).data;
  assert.deepEqual([set.key, set.creatorRole.key], ['role_set:default', 'org:admin']);
  const updated = await roleSets.updateRoleSet({ roleSetKeyOrId: set.id, description: 'Ours', defaultRoleKey: 'org:admin' });
  assert.deepEqual([updated.description, updated.defaultRole.key], ['Ours', 'org:admin']);
  await roleSets.updateRoleSet({ roleSetKeyOrId: set.id, defaultRoleKey: 'org:member' });
  assert.equal((await roleSets.getRoleSet('role_set:default')).defaultRole.key, 'org:member');
};
