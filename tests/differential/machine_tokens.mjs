// The oracle for the tokens of programs: @clerk/backend decides requests that arrive as lines of JSON on stdin,
// { url, headers, options }, and each is answered, in order, with { status, reason, message, machine, user } or { error }.
import { createInterface } from 'node:readline';
import { createClerkClient } from '@clerk/backend';

const list = value => [value ?? []].flat();

const decide = async ({ url, headers, options }) => {
  const state = await createClerkClient(options).authenticateRequest(new Request(url, { headers }), options);
  const { status, reason, message } = state;
  const auth = status === 'signed-in' ? state.toAuth() : {};
  const { tokenType, id, subject, scopes, name, claims, userId, orgId, machineId, clientId } = auth;
  const machine = tokenType && tokenType !== 'session_token' && {
    token_type: tokenType,
    id,
    subject,
    scopes: list(scopes),
    name,
    claims,
    user_id: userId,
    org_id: orgId,
    machine_id: machineId,
    client_id: clientId,
  };
  return { status, reason, message, machine: machine || null, user: machine ? null : (userId ?? null) };
};

for await (const line of createInterface({ input: process.stdin })) {
  const verdict = await decide(JSON.parse(line)).catch(error => ({ error: String(error) }));
  process.stdout.write(`${JSON.stringify(verdict)}\n`);
}
