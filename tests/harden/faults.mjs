// What the app does when something around it fails. Each test starts the program that users run.

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { startApp, stop } from '../../benches/programs.mjs';
import { Clerk, failures } from './clerk.mjs';
import { get } from './http.mjs';
import { assert, check, sleep, until } from './report.mjs';

/** Starts the app on a stub of Clerk of its own, runs the test, and stops both. */
async function withApp(command, test, { settings = {}, wrapper, prepare = async () => {} } = {}) {
  const clerk = await Clerk.start();
  let app;
  try {
    await prepare(clerk);
    app = await startApp('app', command, { LOCAL_CLERK: 'off', LOCAL_CLERK_ADDR: '', ...clerk.environment(), ...settings }, wrapper);
    return await test(app, clerk);
  } finally {
    if (app) await stop(app);
    await clerk.down();
  }
}

/** The pages and the API as a signed-in visitor gets them: their statuses, after making sure that no cookie of Clerk changes. */
async function visit(app, cookie) {
  const [home, profile, api] = await Promise.all([
    get(`${app.url}/`, { cookie }),
    get(`${app.url}/profile`, { cookie }),
    get(`${app.url}/api/me`, { cookie, headers: { accept: 'application/json', 'sec-fetch-dest': 'empty' } }),
  ]);
  for (const { headers } of [home, profile, api]) {
    const changed = (headers['set-cookie'] ?? []).filter((line) => /^__/.test(line));
    assert(changed.length === 0, `cookies of Clerk are changed: ${changed.map((line) => line.split('=')[0])}`);
  }
  return { home, profile, api, statuses: [home, profile, api].map(({ status }) => status).join(' ') };
}

const isSignedIn = ({ statuses, profile }) => statuses === '200 200 200' && profile.body.includes('user_harden');

const recovers = (app, clerk, seconds) =>
  until('signed in again', async () => isSignedIn(await visit(app, clerk.cookies())), seconds);

/** Checks that pages for everybody are served, and protected ones ask to come back later. */
function assertUnavailable({ home, profile, api, statuses }) {
  assert(home.status === 200 && !home.body.includes('user_harden'), `/ is answered with ${home.status}`);
  for (const { status, headers } of [profile, api]) {
    assert(status === 503 && Number(headers['retry-after']) > 0, `not 503 with Retry-After: ${statuses}`);
  }
}

export async function faults(command) {
  const part = 'Backend API';
  await check(part, 'down when the app starts', () =>
    withApp(
      command,
      async (app, clerk) => {
        assertUnavailable(await visit(app, clerk.cookies()));
        await clerk.up();
        await recovers(app, clerk);
        return 'public pages 200, protected ones 503 with Retry-After; signed in again without a restart';
      },
      { prepare: (clerk) => clerk.down() },
    ),
  );
  await check(part, 'down after the keys are known', () =>
    withApp(command, async (app, clerk) => {
      await recovers(app, clerk);
      await clerk.down();
      for (let visits = 0; visits < 20; visits += 1) assert(isSignedIn(await visit(app, clerk.cookies())), 'not signed in');
      await clerk.up();
      return 'signed-in visitors notice nothing';
    }),
  );
  for (const [name, fail] of Object.entries(failures)) {
    await check(part, `${name}, from the start`, () =>
      withApp(
        command,
        async (app, clerk) => {
          const began = Date.now();
          const [visited, other] = await Promise.all([visit(app, clerk.cookies()), get(`${app.url}/`)]);
          assert(other.ms < 5_000, `another visitor waits for ${Math.round(other.ms)} ms`);
          const waited = Math.round((Date.now() - began) / 1000);
          if (name === 'noKeys') assert(!isSignedIn(visited), 'signed in by a key that Clerk does not have');
          else assertUnavailable(visited);
          if (name === 'limited') assert(visited.profile.headers['retry-after'] === '7', 'Retry-After is not that of Clerk');
          clerk.fail = undefined;
          await recovers(app, clerk, 60);
          return `${visited.statuses} (/, /profile, /api/me) after ${waited} s at most; signed in again without a restart`;
        },
        { prepare: async (clerk) => void (clerk.fail = fail) },
      ),
    );
  }
  await check(part, 'a flood of tokens with unknown keys', () =>
    withApp(command, async (app, clerk) => {
      await recovers(app, clerk);
      const before = clerk.calls;
      const strangers = await Clerk.start();
      await strangers.down();
      for (let i = 0; i < 20; i += 1) {
        strangers.rotateKeys();
        const answers = await Promise.all(Array.from({ length: 10 }, () => get(`${app.url}/api/me`, { cookie: strangers.cookies() })));
        assert(answers.every(({ status }) => status !== 200), 'a stranger is signed in');
      }
      const calls = clerk.calls - before;
      assert(calls <= 40, `200 requests cause ${calls} calls`);
      assert(isSignedIn(await visit(app, clerk.cookies())), 'not signed in');
      return `200 requests with 20 unknown keys cause ${calls} calls of the Backend API`;
    }),
  );
  await check('keys', 'rotated in mid-traffic', () => withApp(command, rotation));
  await check('clock', 'jumps by an hour, both ways', () => clockJumps(command));
  await check('process', 'SIGTERM under load', () => withApp(command, terminated));
  await check('process', 'out of file descriptors', () =>
    withApp(command, outOfDescriptors, { wrapper: ['prlimit', '--nofile=64:64'] }),
  );
  await check('disk', 'full', () => diskFull(command));
}

async function rotation(app, clerk) {
  await recovers(app, clerk);
  let stop = false;
  const statuses = {};
  const traffic = Promise.all(
    Array.from({ length: 4 }, async () => {
      while (!stop) {
        const { status } = await get(`${app.url}/profile`, { cookie: clerk.cookies() });
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    }),
  );
  for (let i = 0; i < 2; i += 1) {
    // The keys are fetched for an unknown one at most once in five seconds.
    await sleep(6000);
    clerk.rotateKeys({ keepOld: true });
  }
  await sleep(1000);
  stop = true;
  await traffic;
  assert(Object.keys(statuses).join() === '200', `statuses: ${JSON.stringify(statuses)}`);
  return `two rotations: all ${statuses[200]} requests are answered with 200`;
}

/** The file tells libfaketime by how much the clock of the program is wrong. */
async function clockJumps(command) {
  const library = execFileSync('sh', ['-c', 'ls /usr/lib/*/faketime/libfaketimeMT.so.1']).toString().trim();
  const file = join(execFileSync('mktemp', ['-d']).toString().trim(), 'offset');
  const jump = (seconds) => writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}`);
  jump(0);
  const settings = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  try {
    return await withApp(
      command,
      async (app, clerk) => {
        const now = () => Math.floor(Date.now() / 1000);
        const tokens = () => ({ today: clerk.cookies({ lifetime: 60 }), later: clerk.cookies({ now: now() + 3600, lifetime: 60 }) });
        const home = async (cookie) => (await get(`${app.url}/`, { cookie })).headers['x-clerk-auth-status'];
        for (const [offset, valid, invalid] of [[0, 'today', 'later'], [3600, 'later', 'today'], [0, 'today', 'later'], [-3600, undefined, 'today'], [0, 'today', 'later']]) {
          jump(offset);
          const cookies = tokens();
          if (valid) assert((await home(cookies[valid])) === 'signed-in', `${offset} s: the valid token is refused`);
          assert((await home(cookies[invalid])) !== 'signed-in', `${offset} s: a token of another time is accepted`);
        }
        return 'tokens are judged by the clock as it is; nothing has to be restarted';
      },
      { settings },
    );
  } finally {
    rmSync(join(file, '..'), { recursive: true });
  }
}

/** Sends requests on new connections until the program refuses them. */
async function terminated(app, clerk) {
  await recovers(app, clerk);
  const cookie = clerk.cookies();
  let [answered, refused] = [0, 0];
  const broken = [];
  const client = async () => {
    while (!refused) {
      try {
        const { status } = await get(`${app.url}/profile`, { cookie });
        assert(status === 200, `answered with ${status}`);
        answered += 1;
      } catch (error) {
        if (error.code === 'ECONNREFUSED') refused += 1;
        // The kernel resets connections that the program had not accepted yet.
        else if (error.code !== 'ECONNRESET') broken.push(error.message);
      }
    }
  };
  const clients = Array.from({ length: 16 }, client);
  await sleep(1000);
  const exit = new Promise((done) => app.child.once('exit', (code, signal) => done(code ?? signal)));
  const began = Date.now();
  app.child.kill('SIGTERM');
  const code = await exit;
  const took = Date.now() - began;
  await Promise.all(clients);
  assert(code === 0, `it ends with ${code}`);
  assert(broken.length === 0, `${broken.length} responses are broken: ${broken[0]}`);
  assert(took < 11_000, `it takes ${took} ms`);
  return `${answered} responses, all complete; exit code 0`;
}

async function outOfDescriptors(app, clerk) {
  await recovers(app, clerk);
  const { port } = new URL(app.url);
  const sockets = Array.from({ length: 200 }, () => connect(Number(port), '127.0.0.1').on('error', () => {}));
  await until('the limit', async () => readdirSync(`/proc/${app.child.pid}/fd`).length >= 63);
  await sleep(2000);
  const cpu = await cpuShare(app);
  assert(app.child.exitCode === null, 'it ends');
  for (const socket of sockets) socket.destroy();
  await recovers(app, clerk, 30);
  return `200 connections, 64 descriptors: it waits at ${cpu} % of a core, and answers again once they are closed`;
}

/** The share of a core that a program uses, over two seconds. */
async function cpuShare({ child }) {
  const used = () => {
    const fields = execFileSync('cat', [`/proc/${child.pid}/stat`]).toString().split(') ')[1].split(' ');
    return Number(fields[11]) + Number(fields[12]);
  };
  const before = used();
  await sleep(2000);
  const share = Math.round((used() - before) / 2);
  assert(share < 50, `it uses ${share} % of a core`);
  return share;
}

/** The session store on a file system of one megabyte, which is filled and emptied again. */
async function diskFull(command) {
  const disk = execFileSync('mktemp', ['-d']).toString().trim();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
  try {
    mkdirSync(join(disk, 'data'));
    return await withApp(
      command,
      async (app, clerk) => {
        await recovers(app, clerk);
        const ready = async () => (await get(`${app.url}/readyz`)).status;
        assert((await ready()) === 200, 'not ready');
        const fill = spawn('dd', ['if=/dev/zero', `of=${join(disk, 'filler')}`, 'bs=4k'], { stdio: 'ignore' });
        await new Promise((done) => fill.once('exit', done));
        await until('/readyz fails', async () => {
          const visited = await visit(app, clerk.cookies({ user: `user_${Date.now()}` }));
          assert(visited.statuses === '200 200 200', `pages: ${visited.statuses} ${visited.home.body}`);
          return (await ready()) === 503;
        });
        rmSync(join(disk, 'filler'));
        await until('ready again', async () => (await ready()) === 200, 30);
        await recovers(app, clerk);
        return 'pages 200 and signed in all the time; /readyz 503 until there is room';
      },
      { settings: { SESSION_STORE: `sqlite:${join(disk, 'data', 'sessions.sqlite')}` } },
    );
  } finally {
    execFileSync('umount', ['-l', disk]);
  }
}
