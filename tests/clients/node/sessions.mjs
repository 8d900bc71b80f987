import assert from 'node:assert/strict';
import { fails } from './check.mjs';

/** A minimal browser that signs in with a ticket. */
const signIn = async (env, ticket) => {
  const call = (path, body) =>
    fetch(`${env.CLERK_FAPI_URL}${path}`, {
      method: body ? 'POST' : 'GET',
      body: body && new URLSearchParams(body),
      headers: { origin: 'http://localhost:3000' },
      redirect: 'manual',
    });
  const browser = await (await call('/v1/dev_browser', {})).json();
  const known = `__clerk_db_jwt=${browser.id}`;
  const done = await (await call(`/v1/client/sign_ins?${known}`, { strategy: 'ticket', ticket })).json();
  assert.equal(done.response.status, 'complete', JSON.stringify(done));
  const back = encodeURIComponent('http://localhost:3000/');
  const handshake = await call(`/v1/client/handshake?${known}&format=nonce&suffixed_cookies=true&redirect_url=${back}`);
  const nonce = new URL(handshake.headers.get('location')).searchParams.get('__clerk_handshake_nonce');
  return { browser: browser.id, sessionId: done.response.created_session_id, nonce };
};

export default async ({ clerk, program: { env } }) => {
  const { users, sessions, clients, signInTokens, actorTokens, agentTasks, testingTokens, jwks, jwtTemplates } = clerk;
  const jane = await users.createUser({ emailAddress: ['session@example.com'], publicMetadata: { level: 3 } });
  const ticket = await signInTokens.createSignInToken({ userId: jane.id, expiresInSeconds: 60 });
  assert.deepEqual([ticket.userId, ticket.status], [jane.id, 'pending']);
  assert.match(ticket.url, /__clerk_ticket=/);
  const { browser, sessionId, nonce } = await signIn(env, ticket.token);
  await fails(signInTokens.revokeSignInToken(ticket.id), 400, 'sign_in_token_cannot_be_revoked_code');
  const unused = await signInTokens.createSignInToken({ userId: jane.id });
  assert.equal((await signInTokens.revokeSignInToken(unused.id)).status, 'revoked');

  const session = await sessions.getSession(sessionId);
  assert.deepEqual([session.userId, session.status], [jane.id, 'active']);
  const made = await sessions.createSession({ userId: jane.id });
  const listed = await sessions.getSessionList({ userId: jane.id, status: 'active' });
  assert.deepEqual(listed.data.map(one => one.id), [made.id, sessionId]);
  const client = await clients.getClient(session.clientId);
  assert.deepEqual(client.sessionIds, [sessionId]);
  assert.equal((await clients.verifyClient(browser)).id, client.id);
  await fails(clients.verifyClient('nonsense'), 404, 'resource_not_found');
  assert.ok((await clients.getClientList()).data.some(one => one.id === client.id));

  const { directives } = await clients.getHandshakePayload({ nonce });
  const refresh = directives.find(cookie => /^__refresh_/.test(cookie)).split(/[=;]/)[1];
  await fails(clients.getHandshakePayload({ nonce }), 404, 'resource_not_found');
  const token = await sessions.getToken(sessionId);
  assert.equal((await sessions.verifySession(sessionId, token.jwt)).id, sessionId);
  await fails(sessions.verifySession(sessionId, 'nonsense'), 400, 'invalid_session_token');
  const refreshed = await sessions.refreshSession(sessionId, {
    format: 'cookie',
    expired_token: token.jwt,
    refresh_token: refresh,
    request_origin: 'http://localhost:3000',
  });
  assert.ok(refreshed.cookies.some(cookie => cookie.startsWith('__session=')));
  await fails(
    sessions.refreshSession(sessionId, { expired_token: token.jwt, refresh_token: 'wrong', request_origin: 'http://localhost:3000' }),
    400,
    'invalid_refresh_token',
  );

  const signedIn = await clerk.authenticateRequest(
    new Request('http://localhost:3000/', { headers: { authorization: `Bearer ${token.jwt}` } }),
  );
  assert.equal(signedIn.toAuth().userId, jane.id);
  assert.equal((await jwks.getJwks()).keys.length, 1);

  await fails(sessions.getToken(sessionId, 'hasura'), 404, 'resource_not_found');
  const template = await jwtTemplates.create({ name: 'hasura', claims: { level: '{{user.public_metadata.level}}' }, lifetime: 600 });
  assert.equal((await jwtTemplates.get(template.id)).name, 'hasura');
  const templated = JSON.parse(atob((await sessions.getToken(sessionId, 'hasura', 90)).jwt.split('.')[1]));
  assert.deepEqual([templated.level, templated.exp - templated.iat], [3, 90]);
  const changed = await jwtTemplates.update({ templateId: template.id, name: 'other', claims: {}, allowedClockSkew: 9 });
  assert.deepEqual([changed.name, changed.allowedClockSkew], ['other', 9]);
  await fails(jwtTemplates.create({ name: 'other', claims: {} }), 422, 'form_identifier_exists');
  assert.equal((await jwtTemplates.list()).totalCount, 1);
  assert.equal((await jwtTemplates.delete(template.id)).deleted, true);

  const actor = await actorTokens.create({ userId: jane.id, actor: { sub: 'user_support' }, expiresInSeconds: 600 });
  assert.deepEqual([actor.userId, actor.actor.sub], [jane.id, 'user_support']);
  assert.equal((await actorTokens.revoke(actor.id)).status, 'revoked');
  assert.ok((await testingTokens.createTestingToken()).token);

  const task = {
    onBehalfOf: { identifier: 'session@example.com' },
    permissions: '*',
    agentName: 'tests',
    taskDescription: 'Opens the profile',
    redirectUrl: 'http://localhost:3000/profile',
  };
  const open = async ({ url }) => {
    const opened = await fetch(url, { redirect: 'manual' });
    return opened.headers.get('location') ?? (await opened.json()).errors[0].code;
  };
  const created = await agentTasks.create(task);
  assert.match(await open(created), /^http:\/\/localhost:3000\/profile\?__clerk_handshake=/);
  assert.equal(await open(created), 'agent_task_already_used');
  const revoked = await agentTasks.create(task);
  assert.equal(revoked.agentId, created.agentId);
  assert.equal((await agentTasks.revoke(revoked.agentTaskId)).agentTaskId, revoked.agentTaskId);
  assert.equal(await open(revoked), 'agent_task_revoked');

  assert.equal((await sessions.revokeSession(sessionId)).status, 'revoked');
  await fails(sessions.getToken(sessionId), 400, 'session_not_active');
};
