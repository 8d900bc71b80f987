import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { fails, picture } from './check.mjs';

const REDIRECT_URI = 'http://localhost:4000/callback';
const form = fields => ({ method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
const parameters = response => Object.fromEntries(new URL(response.headers.get('location')).searchParams);

export default async ({ clerk, program: { env } }) => {
  const { oauthApplications, idPOAuthAccessToken, signInTokens, users } = clerk;
  const created = await oauthApplications.create({ name: 'Reports', redirectUris: [REDIRECT_URI], scopes: 'openid profile email' });
  assert.ok(created.clientSecret && created.consentScreenEnabled && !created.public);
  await fails(oauthApplications.create({ name: 'X', redirectUris: ['/callback'] }), 422, 'form_param_value_invalid');
  const { id: oauthApplicationId, clientId } = created;
  assert.equal((await oauthApplications.get(oauthApplicationId)).clientSecret, undefined);
  assert.equal((await oauthApplications.update({ oauthApplicationId, name: 'Charts', pkceRequired: true })).pkceRequired, true);
  assert.deepEqual((await oauthApplications.list({ nameQuery: clientId })).data.map(one => one.name), ['Charts']);
  const { clientSecret } = await oauthApplications.rotateSecret(oauthApplicationId);
  assert.notEqual(clientSecret, created.clientSecret);

  const metadata = await (await fetch(created.discoveryUrl)).json();
  assert.equal(created.authorizeUrl, metadata.authorization_endpoint);
  const user = await users.createUser({ emailAddress: ['oauth@example.com'], firstName: 'Olga' });
  const { token: ticket } = await signInTokens.createSignInToken({ userId: user.id });
  const { id: browser } = await (await fetch(`${env.CLERK_FAPI_URL}/v1/dev_browser`, form({}))).json();
  const signIn = await fetch(`${env.CLERK_FAPI_URL}/v1/client/sign_ins?__clerk_db_jwt=${browser}`, form({ strategy: 'ticket', ticket }));
  assert.equal((await signIn.json()).response.status, 'complete');

  const authorize = async () => {
    const verifier = randomBytes(32).toString('base64url');
    const request = {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: REDIRECT_URI,
      scope: 'openid email',
      state: randomBytes(16).toString('hex'),
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      __clerk_db_jwt: browser,
    };
    const url = `${metadata.authorization_endpoint}?${new URLSearchParams(request)}`;
    let response = await fetch(url, { redirect: 'manual' });
    assert.equal(response.status, 303);
    if (response.headers.get('location').includes('/oauth-consent?')) {
      const consent = `${env.CLERK_FAPI_URL}/v1/me/oauth/consent/${clientId}?__clerk_db_jwt=${browser}`;
      response = await fetch(consent, form({ ...parameters(response), consented: 'true' }));
    }
    const { code, state } = parameters(response);
    assert.equal(state, request.state);
    const fields = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: verifier };
    const token = await fetch(metadata.token_endpoint, form({ ...fields, client_id: clientId, client_secret: clientSecret }));
    assert.equal(token.status, 200);
    return token.json();
  };
  const authenticate = (token, options) =>
    clerk.authenticateRequest(new Request('http://localhost:3000/mcp', { headers: { authorization: `Bearer ${token}` } }), {
      acceptsToken: 'oauth_token',
      ...options,
    });

  const opaque = await authorize();
  const verified = await idPOAuthAccessToken.verify(opaque.access_token);
  assert.deepEqual([verified.clientId, verified.subject, verified.scopes], [clientId, user.id, ['openid', 'email']]);
  const auth = (await authenticate(opaque.access_token)).toAuth();
  assert.deepEqual([auth.isAuthenticated, auth.userId, auth.clientId, auth.scopes], [true, user.id, clientId, verified.scopes]);
  await oauthApplications.revokeToken({ oauthApplicationId, token: opaque.refresh_token });
  await fails(idPOAuthAccessToken.verify(opaque.access_token), 404, 'resource_not_found');
  assert.equal((await authenticate(opaque.access_token)).isAuthenticated, false);

  const settings = body =>
    fetch(`${env.CLERK_API_URL}/v1/instance/oauth_application_settings`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${env.CLERK_SECRET_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  assert.equal((await settings({ oauth_jwt_access_tokens: true })).status, 200);
  const jwt = await authorize();
  for (const options of [{}, { jwtKey: env.CLERK_JWT_KEY }]) {
    const auth = (await authenticate(jwt.access_token, options)).toAuth();
    assert.deepEqual([auth.isAuthenticated, auth.userId, auth.clientId], [true, user.id, clientId]);
    // It is not an ID token, nor the other way round.
    assert.equal((await authenticate(jwt.id_token, options)).isAuthenticated, false);
  }
  assert.equal((await idPOAuthAccessToken.verify(jwt.access_token)).subject, user.id);
  assert.equal((await settings({ oauth_jwt_access_tokens: false })).status, 200);

  const logo = new FormData();
  logo.append('file', picture, 'logo.png');
  const uploaded = await fetch(`${env.CLERK_API_URL}/v1/oauth_applications/${oauthApplicationId}/logo`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${env.CLERK_SECRET_KEY}` },
    body: logo,
  });
  const { client_image_url: image } = await uploaded.json();
  assert.equal((await fetch(image)).headers.get('content-type'), 'image/png');
  assert.equal((await oauthApplications.delete(oauthApplicationId)).deleted, true);
  await fails(oauthApplications.get(oauthApplicationId), 404, 'resource_not_found');
};
