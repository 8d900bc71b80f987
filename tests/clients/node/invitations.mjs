import assert from 'node:assert/strict';
import { fails } from './check.mjs';

export default async ({ clerk: { invitations, waitlistEntries } }) => {
  const invitation = await invitations.createInvitation({
    emailAddress: 'guest@example.com',
    publicMetadata: { from: 'us' },
    redirectUrl: 'http://localhost:3000/sign-up',
  });
  assert.deepEqual([invitation.status, invitation.publicMetadata], ['pending', { from: 'us' }]);
  assert.match(invitation.url, /\/v1\/tickets\/accept\?ticket=/);
  await fails(invitations.createInvitation({ emailAddress: 'guest@example.com' }), 400, 'duplicate_record');
  const bulk = await invitations.createInvitationBulk([{ emailAddress: 'a@guest.example' }, { emailAddress: 'b@guest.example' }]);
  assert.deepEqual(bulk.map(one => one.emailAddress), ['a@guest.example', 'b@guest.example']);
  assert.equal((await invitations.getInvitationList({ status: 'pending' })).totalCount, 3);
  assert.equal((await invitations.revokeInvitation(invitation.id)).status, 'revoked');

  const entry = await waitlistEntries.create({ emailAddress: 'eager@example.com' });
  assert.equal(entry.status, 'pending');
  await waitlistEntries.createBulk([{ emailAddress: 'c@guest.example' }, { emailAddress: 'd@guest.example' }]);
  const listed = await waitlistEntries.list({ status: 'pending' });
  assert.equal(listed.totalCount, 3);
  assert.equal((await waitlistEntries.invite(entry.id)).status, 'invited');
  const [other] = listed.data.filter(one => one.emailAddress === 'c@guest.example');
  assert.equal((await waitlistEntries.reject(other.id)).status, 'rejected');
  assert.equal((await waitlistEntries.delete(other.id)).deleted, true);
};
