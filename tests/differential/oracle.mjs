// The oracle: @clerk/backend decides requests that arrive as lines of JSON on stdin.
//
// The first line lists the instances, as options of authenticateRequest. Each further line is
// { id, instance, method, url, headers } and is answered with one line, in any order:
// { id, status, reason, message, headers, auth } or { id, error }.
import { createInterface } from 'node:readline';
import { createClerkClient } from '@clerk/backend';
import pkg from '@clerk/backend/package.json' with { type: 'json' };

// Failed key fetches are retried with growing delays, which only cost time here.
const { setTimeout } = globalThis;
globalThis.setTimeout = (callback, pause, ...rest) => setTimeout(callback, Math.min(pause, 2), ...rest);
// stdout is reserved for answers.
for (const level of ['log', 'warn', 'error', 'info']) console[level] = () => {};

const answer = value => process.stdout.write(`${JSON.stringify(value)}\n`);

const authOf = state => {
  const auth = state.status === 'signed-in' ? state.toAuth() : null;
  if (!auth?.userId) return null;
  const { userId, sessionId, orgId, orgRole, orgSlug, orgPermissions, actor, sessionClaims } = auth;
  const { sessionStatus, factorVerificationAge } = auth;
  // The other side could not parse a deeply nested claim.
  const { x, ...claims } = sessionClaims;
  const session = { sessionId, sessionStatus, factorVerificationAge, sessionClaims: claims };
  return { userId, orgId, orgRole, orgSlug, orgPermissions, actor, ...session };
};

const decide = async ({ client, options }, { method, url, headers }) => {
  const state = await client.authenticateRequest(new Request(url, { method, headers }), options);
  const { status, reason, message } = state;
  let auth, authError;
  try {
    auth = authOf(state);
  } catch (error) {
    authError = String(error);
  }
  return { status, reason, message, headers: [...state.headers], auth, authError };
};

let instances;
answer({ version: pkg.version });
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  if (instances === undefined) {
    instances = request.map(options => ({ options, client: createClerkClient(options) }));
    continue;
  }
  decide(instances[request.instance], request)
    .catch(error => ({ error: String(error) }))
    .then(outcome => answer({ id: request.id, ...outcome }));
}
