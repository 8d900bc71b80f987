// Where the local Clerk intentionally differs from the contract, and why. An entry that no reply needs fails the check.
export const deviations = [
  {
    why: 'clerk-js never requests a code if the address already has a verification status',
    operation: /^(POST|PATCH|GET) \/v1\/client/,
    /** Returns the reply with the deviation removed, or a falsy value if the reply does not deviate. */
    undo: (body) =>
      [body?.response, body?.client?.sign_up, body?.response?.sign_up]
        .filter((signUp) => signUp?.object === 'sign_up_attempt')
        .map(({ verifications }) => {
          const waiting = Object.keys(verifications).filter((name) => verifications[name]?.next_action === 'needs_prepare');
          for (const name of waiting) verifications[name] = null;
          return waiting.length > 0;
        })
        .includes(true) && body,
  },
  {
    why: 'clerk-js reads payment attempts without the usual `response` wrapper',
    operation: /^GET \/v1\/me\/billing\/payment_attempts/,
    undo: (body) => ({ response: body, client: null }),
  },
  {
    why: 'clerk-js reads this setting, which the contract does not have',
    operation: /^(GET|PATCH) \/v1\/environment/,
    undo: (body) => delete body.organization_settings.force_organization_selection && body,
  },
  {
    why: "the contract lists Clerk's own social connections, but not the custom ones an instance may have",
    operation: /^\w+ \/v1\/(environment|client|me|users)/,
    undo: (body) => {
      const text = JSON.stringify(body);
      return text.includes('oauth_custom_') && JSON.parse(text.replaceAll(/oauth_custom_\w+/g, 'oauth_google'));
    },
  },
  {
    why: 'the SDKs request the total count of some lists with `paginated=true`',
    operation:
      /^GET \/v1\/(allowlist_identifiers|clients|invitations|jwt_templates|redirect_urls|sessions|users\/{id}\/oauth_access_tokens\/{provider})$/,
    undo: (body) => body.total_count !== undefined && body.data,
  },
  {
    why: 'the contract lacks the error with which RFC 6749 refuses a wider scope of a refreshed token',
    operation: /^POST \/oauth\/token$/,
    errors: true,
    undo: (body) => body?.error === 'invalid_scope' && { ...body, error: 'invalid_grant' },
  },
];

/** Called by clerk-js or the SDKs, but missing from the contract. */
export const outside = [
  'GET /api_keys',
  'POST /api_keys',
  'POST /api_keys/{id}/revoke',
  'PATCH /v1/dev_tools/enable_environment_setting',
  'GET /v1/client/touch',
  'GET /v1/clients/handshake_payload',
  'GET /v1/me/billing/credits',
  'GET /v1/me/billing/credits/history',
  'GET /v1/organizations/{id}/billing/credits',
  'GET /v1/organizations/{id}/billing/credits/history',
  'GET /v1/organizations/{id}/billing/payment_attempts',
  'GET /v1/organizations/{id}/billing/payment_attempts/{item_id}',
  'POST /v1/sessions/{id}/verify',
];

/** Always answered with an error, as documented. */
export const refused = [
  'DELETE /v1/users/{id}/web3_wallets/{wallet_id}',
  'POST /v1/webhooks/svix',
  'POST /v1/me/billing/payment_methods',
  'POST /v1/me/billing/payment_methods/initialize',
  'DELETE /v1/me/billing/payment_methods/{id}',
  'PATCH /v1/me/billing/checkouts/{id}',
  'POST /v1/organizations/{id}/billing/payment_methods',
  'POST /v1/organizations/{id}/billing/payment_methods/initialize',
  'DELETE /v1/organizations/{id}/billing/payment_methods/{item_id}',
  'PATCH /v1/organizations/{id}/billing/checkouts/{item_id}',
];

/** Answered with 201, which the Python SDK requires, where the contract has 200. */
export const created = ['POST /v1/api_keys'];
