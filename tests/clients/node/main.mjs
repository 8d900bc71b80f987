// Calls every method of @clerk/backend's client against the local Clerk, and demands that the methods that have
// no endpoint there are exactly those that crates/local-clerk/docs/local-clerk.md lists.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createClerkClient } from '@clerk/backend';
import { start } from './program.mjs';
import billing from './billing.mjs';
import instance from './instance.mjs';
import invitations from './invitations.mjs';
import machines from './machines.mjs';
import oauth from './oauth.mjs';
import organizations from './organizations.mjs';
import roles from './roles.mjs';
import sessions from './sessions.mjs';
import users from './users.mjs';
import webhooks from './webhooks.mjs';

const called = new Set();

/** Wraps the client so that `called` collects the names of the methods called. */
const watched = client =>
  new Proxy(client, {
    get: (target, api) =>
      target[api] === null || typeof target[api] !== 'object'
        ? target[api]
        : new Proxy(target[api], {
            get: (methods, name) => {
              if (typeof methods[name] !== 'function') return methods[name];
              called.add(`${api}.${name}`);
              return methods[name].bind(methods);
            },
          }),
  });

/** The names of all methods of all APIs, such as `users.getUser`. */
const methods = client =>
  Object.entries(client)
    .filter(([api, value]) => typeof value === 'object' && value !== null && api !== 'telemetry')
    .flatMap(([api, value]) =>
      Object.getOwnPropertyNames(Object.getPrototypeOf(value))
        .filter(name => name !== 'constructor' && typeof value[name] === 'function')
        .map(name => `${api}.${name}`),
    );

/** The methods that the documentation lists as not implemented: `api.method method`, or `api.*`. */
const documented = all => {
  const text = readFileSync(new URL('../../../crates/local-clerk/docs/local-clerk.md', import.meta.url), 'utf8');
  const [, list] = text.match(/<!-- @clerk\/backend: not there -->\n([\s\S]*?)\n\n/);
  return [...list.matchAll(/`(\w+\.[^`]+)`/g)].flatMap(([, name]) => {
    const [api, names] = name.split('.');
    return names === '*'
      ? all.filter(method => method.startsWith(`${api}.`))
      : names.split(/\s+/).map(method => `${api}.${method}`);
  });
};

/** Calls a method with each shape of parameters in turn, until the API replies; returns the reply's status and message. */
const answer = async (clerk, name) => {
  const [api, method] = name.split('.');
  const id = 'x_1';
  const parameters = { ...Object.fromEntries(PARAMETERS.map(parameter => [parameter, id])), to: {} };
  for (const values of [[parameters], [id, parameters], [[{ to: {} }]], []]) {
    try {
      await clerk[api][method](...values);
      return 'success';
    } catch (error) {
      // Other errors come from the client itself, which validates its parameters.
      if (error.clerkError) return `${error.status} ${error.errors[0]?.longMessage}`;
    }
  }
  return 'nothing';
};

const PARAMETERS = [
  'userId domainId organizationRoleId permissionId',
  'organizationId roleSetKeyOrId enterpriseConnectionId samlConnectionId agentTaskId proxyUrl signUpAttemptId',
]
  .join(' ')
  .split(' ');

const program = await start();
try {
  const clerk = createClerkClient({
    secretKey: program.env.CLERK_SECRET_KEY,
    publishableKey: program.env.CLERK_PUBLISHABLE_KEY,
    apiUrl: program.env.CLERK_API_URL,
    telemetry: { disabled: true },
  });
  const all = methods(clerk);
  const notImplemented = documented(all);
  for (const subject of [users, organizations, roles, sessions, instance, invitations, machines, oauth, billing, webhooks]) {
    await subject({ clerk: watched(clerk), program });
  }

  const wrongKey = createClerkClient({ secretKey: 'sk_test_wrong', apiUrl: program.env.CLERK_API_URL });
  await assert.rejects(wrongKey.users.getCount(), error => error.status === 401 && error.errors[0].code === 'clerk_key_invalid');
  assert.deepEqual(all.filter(name => !called.has(name)).sort(), notImplemented.sort(), 'methods not called / documented as not implemented');
  for (const name of notImplemented) assert.match(await answer(clerk, name), /^404 .* no such endpoint|^405 /, name);
  console.log(`@clerk/backend: ${all.length - notImplemented.length} of ${all.length} methods`);
} finally {
  program.stop();
}
