import assert from 'node:assert/strict';
import { fails } from './check.mjs';

export default async ({ clerk: { users, apiKeys, machines, m2m }, program: { env } }) => {
  const machineSecretKey = env.CLERK_SECRET_KEY;
  const { id: subject } = await users.createUser({ emailAddress: ['keys@example.com'] });
  const key = await apiKeys.create({ name: 'CI', subject, scopes: ['read'], claims: { a: 1 }, secondsUntilExpiration: 600 });
  assert.match(key.secret, /^ak_/);
  assert.deepEqual([key.subject, key.scopes, key.claims], [subject, ['read'], { a: 1 }]);
  await fails(apiKeys.create({ name: 'CI', subject: 'user_unknown' }), 404, 'resource_not_found');
  assert.equal((await apiKeys.get(key.id)).secret, undefined);
  assert.equal((await apiKeys.getSecret(key.id)).secret, key.secret);
  assert.equal((await apiKeys.verify(key.secret)).id, key.id);
  assert.equal((await apiKeys.update({ apiKeyId: key.id, subject, description: 'builds' })).description, 'builds');
  assert.equal((await apiKeys.list({ subject })).totalCount, 1);
  assert.equal((await apiKeys.revoke({ apiKeyId: key.id, revocationReason: 'leaked' })).revocationReason, 'leaked');
  await fails(apiKeys.verify(key.secret), 400, 'api_key_revoked');
  assert.equal((await apiKeys.list({ subject })).totalCount, 0);
  assert.equal((await apiKeys.list({ subject, includeInvalid: true })).totalCount, 1);
  assert.equal((await apiKeys.delete(key.id)).deleted, true);

  const receiver = await machines.create({ name: 'Receiver' });
  const sender = await machines.create({ name: 'Sender', scopedMachines: [receiver.id], defaultTokenTtl: 120 });
  const other = await machines.create({ name: 'Other' });
  assert.deepEqual(sender.scopedMachines.map(one => one.id), [receiver.id]);
  assert.equal((await machines.list({ query: 'send' })).data[0].id, sender.id);
  assert.equal((await machines.update({ machineId: other.id, name: 'Else' })).name, 'Else');
  assert.equal((await machines.get(other.id)).name, 'Else');
  assert.equal((await machines.getSecretKey(sender.id)).secret, sender.secretKey);

  const token = await m2m.createToken({ machineSecretKey: sender.secretKey, claims: { job: 'x' } });
  assert.deepEqual([token.subject, token.scopes, token.claims], [sender.id, [receiver.id], { job: 'x' }]);
  assert.equal((await m2m.verify({ token: token.token, machineSecretKey: receiver.secretKey })).subject, sender.id);
  assert.equal((await m2m.verify({ token: token.token, machineSecretKey })).subject, sender.id);
  await fails(m2m.verify({ token: token.token, machineSecretKey: other.secretKey }), 404, 'resource_not_found');
  await fails(m2m.createToken({ machineSecretKey: 'ak_wrong' }), 401, 'clerk_key_invalid');
  const jwt = await m2m.createToken({ machineSecretKey: sender.secretKey, tokenFormat: 'jwt', claims: { job: 'y' } });
  const verified = await m2m.verify({ token: jwt.token });
  assert.deepEqual([verified.subject, verified.scopes, verified.claims.job], [sender.id, [receiver.id], 'y']);
  assert.equal((await m2m.list({ subject: sender.id, machineSecretKey })).totalCount, 1);
  assert.equal((await m2m.revokeToken({ m2mTokenId: token.id, machineSecretKey, revocationReason: 'done' })).revoked, true);
  await fails(m2m.verify({ token: token.token, machineSecretKey }), 400, 'm2m_token_revoked');

  await machines.createScope(sender.id, other.id);
  await fails(machines.createScope(sender.id, other.id), 409, 'machine_scope_exists');
  assert.equal((await machines.get(sender.id)).scopedMachines.length, 2);
  assert.equal((await machines.deleteScope(sender.id, other.id)).deleted, true);
  const rotated = await machines.rotateSecretKey({ machineId: sender.id, previousTokenTtl: 0 });
  await fails(m2m.createToken({ machineSecretKey: sender.secretKey }), 401, 'clerk_key_invalid');
  assert.equal((await m2m.createToken({ machineSecretKey: rotated.secret })).subject, sender.id);
  assert.equal((await machines.delete(other.id)).deleted, true);
};
