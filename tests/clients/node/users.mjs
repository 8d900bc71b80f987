import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { fails, picture } from './check.mjs';

const KEY = 'JBSWY3DPEHPK3PXP';

/** The code that an authenticator app shows (RFC 6238). */
const totp = () => {
  const bits = [...KEY].map(letter => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map(byte => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const tag = createHmac('sha1', key).update(counter).digest();
  return String((tag.readUInt32BE(tag[19] & 15) & 0x7fffffff) % 1e6).padStart(6, '0');
};

export default async ({ clerk: { users, emailAddresses, phoneNumbers } }) => {
  const jane = await users.createUser({
    emailAddress: ['jane@example.com'],
    phoneNumber: ['+12015550101'],
    username: 'jane',
    password: 'correct horse battery',
    firstName: 'Jane',
    lastName: 'Doe',
    externalId: 'crm-7',
    publicMetadata: { level: 3 },
    privateMetadata: { notes: ['x'] },
    unsafeMetadata: { theme: 'dark' },
    totpSecret: KEY,
    backupCodes: ['backup01', 'backup02'],
  });
  assert.match(jane.id, /^user_/);
  assert.equal(jane.primaryEmailAddress.emailAddress, 'jane@example.com');
  assert.equal(jane.primaryPhoneNumber.phoneNumber, '+12015550101');
  assert.deepEqual([jane.username, jane.fullName, jane.externalId], ['jane', 'Jane Doe', 'crm-7']);
  assert.ok(jane.passwordEnabled && jane.twoFactorEnabled && jane.totpEnabled && jane.backupCodeEnabled);
  await fails(users.createUser({ emailAddress: ['jane@example.com'] }), 422, 'form_identifier_exists');
  await fails(users.createUser({ emailAddress: ['x@example.com'], password: 'short' }), 422, 'form_password_length_too_short');

  const got = await users.getUser(jane.id);
  assert.deepEqual(got.raw, { ...jane.raw });
  await fails(users.getUser('user_unknown'), 404, 'resource_not_found');

  const joe = await users.createUser({ emailAddress: ['joe@example.com'], firstName: 'Joe' });
  const list = async params => (await users.getUserList(params)).data.map(user => user.id);
  assert.deepEqual(await list({ orderBy: '-created_at', limit: 2 }), [joe.id, jane.id]);
  assert.deepEqual(await list({ orderBy: '+first_name', userId: [jane.id, joe.id] }), [jane.id, joe.id]);
  for (const params of [
    { emailAddress: ['jane@example.com'] },
    { phoneNumber: ['+12015550101'] },
    { username: ['jane'] },
    { externalId: ['crm-7'] },
    { query: 'doe' },
    { userId: [jane.id] },
    { emailAddressQuery: 'jane@' },
    { nameQuery: 'doe' },
    { createdAtBefore: joe.createdAt, createdAtAfter: jane.createdAt - 1, query: 'jane' },
  ])
    assert.deepEqual(await list(params), [jane.id], JSON.stringify(params));
  assert.deepEqual(await list({ lastActiveAtSince: Date.now() + 1000 }), []);
  assert.equal((await users.getUserList({ limit: 1 })).totalCount, 3);
  assert.equal(await users.getCount({ query: 'example.com' }), 3);
  await fails(users.getUserList({ orderBy: 'shoe_size' }), 422, 'form_param_value_invalid');

  const updated = await users.updateUser(jane.id, { firstName: 'Janet', username: 'janet' });
  assert.deepEqual([updated.firstName, updated.username], ['Janet', 'janet']);
  await fails(users.updateUser(joe.id, { username: 'janet' }), 422, 'form_identifier_exists');
  const merged = await users.updateUserMetadata(jane.id, { publicMetadata: { level: 4, a: null }, privateMetadata: { b: 1 } });
  assert.deepEqual([merged.publicMetadata, merged.privateMetadata], [{ level: 4 }, { notes: ['x'], b: 1 }]);
  assert.deepEqual((await users.replaceUserMetadata(jane.id, { publicMetadata: { c: 1 } })).publicMetadata, { c: 1 });

  assert.deepEqual(await users.verifyPassword({ userId: jane.id, password: 'correct horse battery' }), { verified: true });
  await fails(users.verifyPassword({ userId: jane.id, password: 'wrong' }), 422, 'incorrect_password');
  assert.equal((await users.verifyTOTP({ userId: jane.id, code: totp() })).code_type, 'totp');
  assert.equal((await users.verifyTOTP({ userId: jane.id, code: 'backup01' })).code_type, 'backup_code');
  await fails(users.verifyTOTP({ userId: jane.id, code: 'backup01' }), 422, 'form_code_incorrect');
  await users.deleteUserBackupCodes(jane.id);
  assert.equal((await users.getUser(jane.id)).backupCodeEnabled, false);
  await users.deleteUserTOTP(jane.id);
  assert.equal((await users.getUser(jane.id)).twoFactorEnabled, false);
  await fails(users.deleteUserTOTP(jane.id), 404, 'resource_not_found');
  await users.updateUser(joe.id, { totpSecret: KEY });
  await users.disableUserMFA(joe.id);
  assert.equal((await users.getUser(joe.id)).totpEnabled, false);
  assert.equal((await users.setPasswordCompromised(jane.id)).id, jane.id);
  assert.equal((await users.unsetPasswordCompromised(jane.id)).id, jane.id);
  assert.equal((await users.removePassword(jane.id)).passwordEnabled, false);

  assert.equal((await users.banUser(joe.id)).banned, true);
  assert.deepEqual(await list({ banned: true }), [joe.id]);
  assert.equal((await users.unbanUser(joe.id)).banned, false);
  assert.equal((await users.lockUser(joe.id)).locked, true);
  assert.equal((await users.unlockUser(joe.id)).locked, false);

  const pictured = await users.updateUserProfileImage(jane.id, { file: picture });
  assert.equal(pictured.hasImage, true);
  assert.equal((await users.deleteUserProfileImage(jane.id)).hasImage, false);

  const address = await emailAddresses.createEmailAddress({ userId: jane.id, emailAddress: 'second@example.com', verified: true });
  assert.equal((await emailAddresses.getEmailAddress(address.id)).verification.status, 'verified');
  await emailAddresses.updateEmailAddress(address.id, { primary: true });
  assert.equal((await users.getUser(jane.id)).primaryEmailAddressId, address.id);
  assert.equal((await emailAddresses.deleteEmailAddress(address.id)).deleted, true);
  const phone = await phoneNumbers.createPhoneNumber({ userId: jane.id, phoneNumber: '+12015550102', verified: true });
  assert.equal((await phoneNumbers.getPhoneNumber(phone.id)).phoneNumber, '+12015550102');
  await phoneNumbers.updatePhoneNumber(phone.id, { primary: true });
  assert.equal((await users.getUser(jane.id)).primaryPhoneNumberId, phone.id);
  assert.equal((await phoneNumbers.deletePhoneNumber(phone.id)).deleted, true);
  const moved = await users.replaceUserEmailAddress(jane.id, { emailAddress: 'moved@example.com' });
  assert.equal(moved.emailAddress, 'moved@example.com');
  assert.equal((await users.getUser(jane.id)).primaryEmailAddressId, moved.id);
  const rung = await users.replaceUserPhoneNumber(jane.id, { phoneNumber: '+12015550103' });
  assert.equal(rung.phoneNumber, '+12015550103');

  assert.equal((await users.getOrganizationMembershipList({ userId: jane.id })).totalCount, 0);
  assert.equal((await users.getOrganizationInvitationList({ userId: jane.id })).totalCount, 0);
  assert.deepEqual((await users.getUserOauthAccessToken(jane.id, 'custom_local')).data, []);
  await fails(users.deleteUserExternalAccount({ userId: jane.id, externalAccountId: 'eac_unknown' }), 404, 'resource_not_found');
  await fails(users.deleteUserWeb3Wallet({ userId: jane.id, web3WalletIdentificationId: 'idn_unknown' }), 404, 'resource_not_found');
  await fails(users.deleteUserPasskey({ userId: jane.id, passkeyIdentificationId: 'idn_unknown' }), 404, 'resource_not_found');

  assert.equal((await users.deleteUser(joe.id)).deleted, true);
  await fails(users.getUser(joe.id), 404, 'resource_not_found');
};
