// local-clerk.mjs APP FLOOR LOCAL_CLERK: how long test suites wait for the local Clerk, and how much longer if it has many
// users. See benches/README.md.

import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { start, stopAll } from './programs.mjs';

const program = resolve(process.argv[4]);
const rounds = Number(process.env.BENCH_ROUNDS || 3);
/** So many signing keys are ready. */
const INSTANCES = 8;
/** For the signing keys of the next instances, which are generated in the background. */
const PAUSE_MS = 3000;
const RESETS = 100;
const FEW = 100;
const MANY = Number(process.env.BENCH_USERS || 100_000);
const MEMBERS = 10;
const SAMPLES = 25;
const PASSWORD = 'correct horse battery staple';

async function main() {
  console.log(`${cpus()[0].model}, ${cpus().length} cores\n`);
  const clerk = await startClerk();
  console.log('| | fastest, ms | median, ms | slowest, ms | goal for the median |');
  console.log('|---|---:|---:|---:|---|');
  row('starting an instance', await instances(clerk), 50);
  row('reset in memory', await resets(clerk), 5);
  const seeding = [];
  for (let round = 0; round < rounds; round += 1) seeding.push(await fill(clerk, 1000, 0));
  row('seeding 1,000 users', seeding, 1000);

  const few = await startClerk();
  await fill(few, FEW, MEMBERS);
  const seconds = (await fill(clerk, MANY, MEMBERS)) / 1000;
  console.log(`\n${number(MANY)} users in organizations of ${MEMBERS} were seeded in ${seconds.toFixed(1)} s. Medians of ${SAMPLES}:\n`);
  console.log(`| | ${FEW} users, ms | ${number(MANY)} users, ms | ratio | goal |`);
  console.log('|---|---:|---:|---:|---|');
  await compare(few, clerk);
}

async function startClerk() {
  const clerk = await start('local-clerk', program, [], {
    LOCAL_CLERK_ADDR: '127.0.0.1:0',
    LOCAL_CLERK_DATA: 'memory',
    RUST_LOG: 'error',
  });
  const { CLERK_API_URL: url, CLERK_SECRET_KEY: key } = Object.fromEntries(clerk.lines.map((line) => line.split(/=(.*)/)));
  return { url, headers: { authorization: `Bearer ${key}` }, count: 0 };
}

async function call({ url, headers }, method, path, body) {
  const json = typeof body === 'object' && !(body instanceof URLSearchParams);
  const response = await fetch(url + path, {
    method,
    headers: { ...headers, ...(json && { 'content-type': 'application/json' }) },
    body: json ? JSON.stringify(body) : body,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered with ${response.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text);
}

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function median(times) {
  return times.toSorted((one, other) => one - other)[times.length >> 1];
}

function number(value) {
  return value.toLocaleString('en');
}

function verdict(isReached, goal) {
  return `${goal}${isReached ? '' : ', missed'}`;
}

function row(name, times, goal) {
  const ms = (time) => time.toFixed(time < 10 ? 2 : 1);
  const columns = [Math.min(...times), median(times), Math.max(...times)].map(ms);
  console.log(`| ${name} | ${columns.join(' | ')} | ${verdict(median(times) < goal, `< ${number(goal)} ms`)} |`);
}

async function instances(clerk) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    await sleep(PAUSE_MS);
    const ids = [];
    for (let count = 0; count < INSTANCES; count += 1) {
      times.push(
        await timed(async () => {
          ids.push((await call(clerk, 'POST', '/_emulate/instances')).id);
        }),
      );
    }
    for (const id of ids) await call(clerk, 'DELETE', `/_emulate/instances/${id}`);
  }
  return times;
}

async function resets(clerk) {
  const times = [];
  for (let count = 0; count < RESETS; count += 1) times.push(await timed(() => call(clerk, 'POST', '/_emulate/reset')));
  return times;
}

/** Replaces everything by so many users, of whom one has a password, in organizations with so many members. */
async function fill(clerk, users, members) {
  const email = (user) => `user${user}@example.com`;
  const lines = [];
  for (let user = 0; user < users; user += 1) {
    lines.push('[[users]]', `id = "user_${user}"`, `email_addresses = ["${email(user)}"]`);
    if (user === 0 && members) lines.push(`password = "${PASSWORD}"`);
  }
  for (let first = 0; members && first < users; first += members) {
    lines.push('[[organizations]]', `id = "org_${first}"`, `name = "Organization ${first}"`, `slug = "org-${first}"`, 'members = [');
    for (let user = first; user < first + members; user += 1) {
      lines.push(`{ user = "${email(user)}", role = "${user === first ? 'org:admin' : 'org:member'}" },`);
    }
    lines.push(']');
  }
  const seed = lines.join('\n');
  return timed(() => call(clerk, 'PUT', '/_emulate/seed', seed));
}

/** What is measured: a function of an instance and of its number of users. Those with a goal may not take longer than so many times. */
const OPERATIONS = [
  ['the first page of users', (clerk) => call(clerk, 'GET', '/v1/users'), 2],
  ['the last page of users', (clerk, users) => call(clerk, 'GET', `/v1/users?offset=${users - 10}`), 2],
  ['a user by id', (clerk) => call(clerk, 'GET', '/v1/users/user_7')],
  ['a user by e-mail address', (clerk) => call(clerk, 'GET', '/v1/users?email_address=user7@example.com')],
  ['users by a search', (clerk) => call(clerk, 'GET', '/v1/users?query=user7@')],
  ['creating a user', (clerk) => call(clerk, 'POST', '/v1/users', { email_address: [address(clerk)], skip_password_requirement: true })],
  ['the organizations of a user', (clerk) => call(clerk, 'GET', '/v1/users/user_7/organization_memberships')],
  ['the first page of organizations', (clerk) => call(clerk, 'GET', '/v1/organizations')],
  ['the members of an organization', (clerk) => call(clerk, 'GET', '/v1/organizations/org_0/memberships')],
  ['creating an organization', (clerk) => call(clerk, 'POST', '/v1/organizations', { name: 'Another', created_by: 'user_7' })],
  ['adding and removing a member', addAndRemove],
  ['inviting to an organization', invite],
  ['adding a user by a seed', (clerk) => call(clerk, 'POST', '/_emulate/seed', `[[users]]\nemail_addresses = ["${address(clerk)}"]`)],
  ['signing in with a password', signIn],
  ['/v1/client', (clerk) => frontend(clerk, 'GET', '/client')],
  ['/v1/me', (clerk) => frontend(clerk, 'GET', '/me')],
  ['a session token', (clerk) => frontend(clerk, 'POST', `/client/sessions/${clerk.session}/tokens`, { organization_id: 'org_0' })],
];

function address(clerk) {
  clerk.count += 1;
  return `new${clerk.count}@example.com`;
}

async function addAndRemove(clerk) {
  await call(clerk, 'POST', '/v1/organizations/org_10/memberships', { user_id: 'user_7', role: 'org:member' });
  await call(clerk, 'DELETE', '/v1/organizations/org_10/memberships/user_7');
}

async function invite(clerk) {
  const invitation = { email_address: address(clerk), role: 'org:member' };
  const { id } = await call(clerk, 'POST', '/v1/organizations/org_20/invitations', invitation);
  await call(clerk, 'POST', `/v1/organizations/org_20/invitations/${id}/revoke`, {});
}

function frontend(clerk, method, path, fields) {
  const body = fields && new URLSearchParams(fields);
  return call({ url: clerk.url, headers: {} }, method, `/__clerk/v1${path}?__clerk_db_jwt=${clerk.browser}`, body);
}

async function signIn(clerk) {
  clerk.browser = '';
  clerk.browser = (await frontend(clerk, 'POST', '/dev_browser')).id;
  const { response } = await frontend(clerk, 'POST', '/client/sign_ins', { identifier: 'user0@example.com', password: PASSWORD });
  clerk.session = response.created_session_id;
}

async function compare(few, many) {
  for (const [name, operation, goal] of OPERATIONS) {
    const times = [[], []];
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      times[0].push(await timed(() => operation(few, FEW)));
      times[1].push(await timed(() => operation(many, MANY)));
    }
    const [fast, slow] = times.map(median);
    const ratio = slow / fast;
    const columns = [fast.toFixed(2), slow.toFixed(2), ratio.toFixed(1), goal ? verdict(ratio <= goal, `≤ ${goal}`) : ''];
    console.log(`| ${name} | ${columns.join(' | ')} |`);
  }
}

try {
  await main();
} finally {
  stopAll();
}
