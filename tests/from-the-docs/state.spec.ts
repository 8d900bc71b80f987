import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClerkClient } from '@clerk/backend';
import { acme, ada, cleo, expect, signIn, test } from './fixtures';
import { program, seedFile } from './local-clerk';

test('goes back to a snapshot, with its browser signed in', async ({ page, backend, emulator }) => {
  await signIn(page, backend, ada.id);
  await emulator.call('PUT', '/snapshots/signed-in');
  await emulator.reset();
  const sessions = { userId: ada.id, status: 'active' as const };
  expect((await backend.sessions.getSessionList(sessions)).data).toHaveLength(0);
  await emulator.call('POST', '/snapshots/signed-in/restore');
  await page.goto('/');
  await expect(page.getByText(`Signed in as ${ada.email}`)).toBeVisible();
});

test('hands its state over to another instance', async ({ backend, root, emulator }) => {
  const { id } = await backend.users.createUser({ emailAddress: ['hal@example.com'], password: 'zebra-lamp-4711' });
  const state = await emulator.call('GET', '/export');
  const other = await root.start('[keys]\nsecret_key = "sk_test_0123456789abcdef"\n');
  try {
    expect(await other.call('POST', '/import', state)).toEqual({ users: 4, organizations: 1 });
    const apiUrl = other.url;
    const users = createClerkClient({ secretKey: 'sk_test_0123456789abcdef', apiUrl }).users;
    expect((await users.verifyPassword({ userId: id, password: 'zebra-lamp-4711' })).verified).toBe(true);
    const { CLERK_SECRET_KEY: secretKey } = emulator.environment; // the keys are not handed over
    await expect(createClerkClient({ secretKey, apiUrl }).users.getUser(id)).rejects.toMatchObject({ status: 401 });
  } finally {
    await root.end(other);
  }
});

test('adds to the seed until the next reset', async ({ backend, emulator }) => {
  const seed = '[[users]]\nid = "user_ida"\nemail_addresses = ["ida@example.com"]\n';
  await emulator.call('POST', '/seed', seed);
  expect((await backend.users.getUser('user_ida')).emailAddresses[0]!.emailAddress).toBe('ida@example.com');
  await emulator.reset();
  await expect(backend.users.getUser('user_ida')).rejects.toMatchObject({ status: 404 });
  expect((await backend.users.getUser(cleo.id)).passwordEnabled).toBe(false);
  expect((await backend.organizations.getOrganization({ organizationId: acme })).slug).toBe('acme');
});

/** Runs the program: its exit code and what it printed on the standard error. */
const run = (args: string[]) =>
  new Promise<{ code: number; stderr: string }>(resolve => {
    execFile(program, args, (error, _stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stderr }));
  });

test('fails strictly, if a command asks for an unknown endpoint', async () => {
  const ask = (path: string) => [
    process.execPath,
    '-e',
    `const headers = { Authorization: 'Bearer ' + process.env.CLERK_SECRET_KEY };
     fetch(process.env.CLERK_API_URL + '${path}', { headers });`,
  ];
  const options = ['exec', '--seed', seedFile, '--strict', '--'];
  expect((await run([...options, ...ask('/v1/users')])).code).toBe(0);
  const { code, stderr } = await run([...options, ...ask('/v1/userz')]);
  expect(code).toBe(1);
  expect(stderr).toContain('/v1/userz');
});

test('keeps its keys and its state in files', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'local-clerk-'));
  try {
    const [seed, state] = [join(directory, 'seed.toml'), join(directory, 'state.json')];
    await writeFile(seed, `[keys]\nsecret_key = "sk_test_0123456789abcdef"\n${await readFile(seedFile, 'utf8')}`);
    const script = `
      const headers = { Authorization: 'Bearer sk_test_0123456789abcdef', 'Content-Type': 'application/json' };
      const url = process.env.CLERK_API_URL + '/v1/users';
      const created = await fetch(url, { method: 'POST', headers, body: '{"email_address":["jo@example.com"]}' });
      const count = await (await fetch(url + '/count', { headers })).json();
      process.exit(created.ok ? count.total_count : 100);`;
    const options = ['exec', '--seed', seed, '--import', state, '--export-on-exit', state, '--'];
    const command = [process.execPath, '--input-type=module', '-e', script];
    expect(await run([...options, ...command])).toEqual({ code: 4, stderr: '' });
    expect((await run([...options, ...command])).code).toBe(100); // Jo is there already
    expect((await run(['check', seed])).code).toBe(0);
  } finally {
    await rm(directory, { recursive: true });
  }
});
