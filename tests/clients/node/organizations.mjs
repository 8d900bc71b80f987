import assert from 'node:assert/strict';
import { fails, picture } from './check.mjs';

export default async ({ clerk: { users, organizations } }) => {
  const admin = await users.createUser({ emailAddress: ['admin@acme.example'] });
  const member = await users.createUser({ emailAddress: ['member@acme.example'], firstName: 'Max' });
  const acme = await organizations.createOrganization({
    name: 'Acme',
    slug: 'acme',
    createdBy: admin.id,
    maxAllowedMemberships: 4,
    publicMetadata: { a: 1 },
    privateMetadata: { b: 2 },
  });
  assert.deepEqual([acme.name, acme.slug, acme.createdBy, acme.maxAllowedMemberships], ['Acme', 'acme', admin.id, 4]);
  assert.deepEqual([acme.publicMetadata, acme.privateMetadata], [{ a: 1 }, { b: 2 }]);
  const organizationId = acme.id;
  await fails(organizations.createOrganization({ name: 'Other', slug: 'acme', createdBy: admin.id }), 422, 'form_identifier_exists');
  assert.equal((await organizations.getOrganization({ slug: 'acme' })).id, acme.id);
  await fails(organizations.getOrganization({ organizationId: 'org_unknown' }), 404, 'resource_not_found');
  const found = await organizations.getOrganizationList({ query: 'acm', includeMembersCount: true, orderBy: '-name' });
  assert.deepEqual([found.totalCount, found.data[0].id, found.data[0].membersCount], [1, acme.id, 1]);

  assert.equal((await organizations.updateOrganization(acme.id, { name: 'Acme Inc', adminDeleteEnabled: false })).adminDeleteEnabled, false);
  assert.deepEqual((await organizations.updateOrganizationMetadata(acme.id, { publicMetadata: { c: 3 } })).publicMetadata, { a: 1, c: 3 });
  assert.deepEqual((await organizations.replaceOrganizationMetadata(acme.id, { publicMetadata: { d: 4 } })).publicMetadata, { d: 4 });
  assert.equal((await organizations.updateOrganizationLogo(acme.id, { file: picture })).hasImage, true);
  assert.equal((await organizations.deleteOrganizationLogo(acme.id)).hasImage, false);

  const joined = await organizations.createOrganizationMembership({ organizationId, userId: member.id, role: 'org:member' });
  assert.deepEqual([joined.role, joined.publicUserData.userId, joined.organization.id], ['org:member', member.id, acme.id]);
  await fails(
    organizations.createOrganizationMembership({ organizationId, userId: member.id, role: 'org:member' }),
    400,
    'already_a_member_in_organization',
  );
  await fails(
    organizations.updateOrganizationMembership({ organizationId, userId: member.id, role: 'org:king' }),
    404,
    'resource_not_found',
  );
  assert.equal((await organizations.updateOrganizationMembership({ organizationId, userId: member.id, role: 'org:admin' })).role, 'org:admin');
  const noted = await organizations.updateOrganizationMembershipMetadata({
    organizationId,
    userId: member.id,
    publicMetadata: { team: 'x' },
    privateMetadata: { pay: 1 },
  });
  assert.deepEqual([noted.publicMetadata, noted.privateMetadata], [{ team: 'x' }, { pay: 1 }]);
  const members = await organizations.getOrganizationMembershipList({ organizationId, role: ['org:admin'], query: 'max' });
  assert.deepEqual([members.totalCount, members.data[0].publicUserData.userId], [1, member.id]);
  const everybody = await organizations.getInstanceOrganizationMembershipList({ limit: 500 });
  assert.ok(everybody.data.some(one => one.organization.slug === 'initech') && everybody.totalCount === 3);
  assert.equal((await users.getOrganizationMembershipList({ userId: member.id })).data[0].organization.id, acme.id);
  assert.equal((await organizations.deleteOrganizationMembership({ organizationId, userId: member.id })).publicUserData.userId, member.id);

  const invitation = await organizations.createOrganizationInvitation({
    organizationId,
    emailAddress: 'member@acme.example',
    role: 'org:member',
    inviterUserId: admin.id,
    publicMetadata: { p: 1 },
    privateMetadata: { q: 2 },
    expiresInDays: 3,
  });
  assert.deepEqual([invitation.status, invitation.publicMetadata, invitation.privateMetadata], ['pending', { p: 1 }, { q: 2 }]);
  const got = await organizations.getOrganizationInvitation({ organizationId, invitationId: invitation.id });
  assert.equal(got.emailAddress, 'member@acme.example');
  assert.equal((await users.getOrganizationInvitationList({ userId: member.id })).data[0].id, invitation.id);
  await fails(
    organizations.createOrganizationInvitation({ organizationId, emailAddress: 'member@acme.example', role: 'org:member' }),
    400,
    'duplicate_record',
  );
  const bulk = await organizations.createOrganizationInvitationBulk(acme.id, [
    { emailAddress: 'one@acme.example', role: 'org:member' },
    { emailAddress: 'two@acme.example', role: 'org:admin' },
  ]);
  assert.deepEqual(bulk.data.map(one => one.role), ['org:member', 'org:admin']);
  await fails(
    organizations.createOrganizationInvitationBulk(acme.id, [{ emailAddress: 'three@acme.example', role: 'org:member' }]),
    403,
    'organization_membership_quota_exceeded',
  );
  assert.equal((await organizations.revokeOrganizationInvitation({ organizationId, invitationId: invitation.id })).status, 'revoked');
  const pending = await organizations.getOrganizationInvitationList({ organizationId, status: ['pending'] });
  assert.deepEqual([pending.totalCount, pending.data.every(one => one.status === 'pending')], [2, true]);

  await domains(organizations, acme.id);
  await organizations.deleteOrganization(acme.id);
  await fails(organizations.getOrganization({ organizationId }), 404, 'resource_not_found');
};

const domains = async (organizations, organizationId) => {
  const domain = await organizations.createOrganizationDomain({
    organizationId,
    name: 'acme.example',
    enrollmentMode: 'automatic_invitation',
    verified: true,
  });
  assert.deepEqual([domain.name, domain.verification.status], ['acme.example', 'verified']);
  const changed = await organizations.updateOrganizationDomain({
    organizationId,
    domainId: domain.id,
    enrollmentMode: 'automatic_suggestion',
  });
  // This client does not convert the domain's fields to camel case.
  assert.equal(changed.enrollment_mode, 'automatic_suggestion');
  assert.equal((await organizations.getOrganizationDomainList({ organizationId })).totalCount, 1);
  assert.equal((await organizations.deleteOrganizationDomain({ organizationId, domainId: domain.id })).deleted, true);
};
