// Three processes of the app behind haproxy, with one Redis, while visitors use it in Chromium and machines die.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { freePorts, start, startApp, stop } from '../../benches/programs.mjs';
import { assert, check, sleep, until } from './report.mjs';

const NODES = 3;
const VISITORS = 3;
const SECONDS = Number(process.env.HARDEN_NODES_SECONDS || 90);

export const nodes = (command) => check('nodes', `${NODES} behind haproxy, killed in turn, while Redis restarts`, () => round(command));

async function round(command) {
  const directory = mkdtempSync(join(tmpdir(), 'nodes-'));
  const running = [];
  try {
    const [port, redisPort, ...ports] = await freePorts(2 + NODES);
    const origin = `http://localhost:${port}`;
    const clerk = await localClerk(join(resolve(command), '..', 'local-clerk'));
    const redis = await Redis.start(redisPort, join(directory, 'redis'));
    running.push(redis);
    const secret = randomBytes(64).toString('hex');
    const startNode = (nodePort) =>
      startApp(`node ${nodePort}`, command, {
        ...clerk,
        APP_URL: origin,
        CLERK_PROXY_URL: '/__clerk',
        LEPTOS_SITE_ADDR: `127.0.0.1:${nodePort}`,
        LEPTOS_SITE_ROOT: join(resolve(command), '..', '..', 'test-site'),
        LEPTOS_HASH_FILES: 'true',
        LEPTOS_HASH_FILE_NAME: 'test-hash.txt',
        LOCAL_CLERK: 'off',
        LOCAL_CLERK_ADDR: '',
        LOCAL_CLERK_DATA: '',
        LOCAL_CLERK_NPM_DIR: '',
        LOCAL_CLERK_TOKEN_LIFETIME: '',
        SESSION_SECRET: secret,
        SESSION_STORE: `redis://127.0.0.1:${redisPort}`,
      });
    const apps = await Promise.all(ports.map(startNode));
    running.push(...apps.map((_, index) => ({ stop: () => stop(apps[index]) })));
    running.push(await haproxy(port, ports, directory));
    return await visits(origin, apps, redis, (index) => startNode(ports[index]));
  } finally {
    for (const program of running.reverse()) await program.stop();
    rmSync(directory, { recursive: true });
  }
}

async function visits(origin, apps, redis, restart) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: process.getuid() === 0 ? ['--no-sandbox'] : [] });
  let [finished, kills, restarts, pages, repeated, slowest] = [false, 0, 0, 0, 0, 0];
  try {
    const visitors = await Promise.all(Array.from({ length: VISITORS }, (_, index) => Visitor.signUp(browser, origin, index)));
    const browsing = visitors.map(async (visitor) => {
      while (!finished) {
        for (const path of ['/', '/plans', '/profile']) {
          const began = Date.now();
          repeated += await visitor.open(path);
          pages += 1;
          slowest = Math.max(slowest, Date.now() - began);
        }
        await visitor.callApi();
      }
    });
    const all = Promise.all(browsing);
    const dying = (async () => {
      for (const end = Date.now() + SECONDS * 1000; Date.now() < end; kills += 1) {
        const index = kills % apps.length;
        await stop(apps[index], 'SIGKILL');
        if (kills % 3 === 2) {
          await redis.restart();
          restarts += 1;
        }
        await sleep(1500);
        apps[index] = await restart(index);
        await sleep(2500);
      }
    })();
    await Promise.race([all, dying]);
    finished = true;
    await all;
    for (const visitor of visitors) await visitor.assertSameSession();
    const seen = `${kills} nodes killed, ${restarts} restarts of Redis: ${pages} pages for ${VISITORS} visitors, all signed in`;
    return `${seen}, ${repeated} of them opened a second time; the slowest took ${slowest} ms; no session was replaced`;
  } finally {
    await browser.close();
  }
}

/** A person with a browser of their own. */
class Visitor {
  static async signUp(browser, origin, index) {
    const visitor = new Visitor();
    visitor.origin = origin;
    visitor.context = await browser.newContext();
    visitor.page = await visitor.context.newPage();
    await visitor.page.goto(`${origin}/sign-up`);
    await visitor.page.waitForFunction(() => window.Clerk?.loaded);
    visitor.user = await visitor.page.evaluate(async (name) => {
      const { Clerk } = window;
      const account = { emailAddress: `${name}@example.com`, password: 'correct horse 9', firstName: 'Ada', lastName: name };
      const signUp = await Clerk.client.signUp.create(account);
      await signUp.prepareEmailAddressVerification({ strategy: 'email_code' });
      const { createdSessionId, createdUserId } = await signUp.attemptEmailAddressVerification({ code: '424242' });
      await Clerk.setActive({ session: createdSessionId });
      return createdUserId;
    }, `visitor-${index}`);
    await visitor.open('/');
    visitor.session = await visitor.appSession();
    assert(visitor.session, 'no session of the app after signing up');
    return visitor;
  }

  /** Opens a page, and checks that the server and then clerk-js take the visitor for signed in. Returns how often it had to be repeated. */
  async open(path) {
    let repeated = 0;
    for (;;) {
      try {
        const response = await this.page.goto(this.origin + path, { timeout: 20_000, waitUntil: 'load' });
        assert(new URL(this.page.url()).pathname === path, `${path} leads to ${this.page.url()}`);
        assert(response.status() === 200, `${path} is answered with ${response.status()}`);
        assert((await response.text()).includes(this.user), `${path} is for somebody who is signed out`);
        await this.page.waitForFunction((user) => window.Clerk?.user?.id === user, this.user, { timeout: 20_000 });
        return repeated;
      } catch (error) {
        // A machine that dies cuts off the responses that it is sending: what visitors do then is to reload.
        const isCutOff = /net::ERR_|Timeout|No resource with given identifier|502|503/.test(error.message);
        if (!isCutOff || repeated === 3) throw error;
        repeated += 1;
      }
    }
  }

  async callApi() {
    const me = await until('/api/me', async () => {
      const response = await this.context.request.get(`${this.origin}/api/me`, { timeout: 20_000 }).catch(() => undefined);
      return response && response.status() < 500 && response;
    });
    // A token of the cookie may have expired just now: clerk-js has then a new one in a moment.
    if (me.status() !== 401) assert((await me.json()).user_id === this.user, '/api/me is somebody else');
  }

  async assertSameSession() {
    await this.open('/profile');
    assert((await this.appSession()) === this.session, 'the session of the app was replaced');
  }

  async appSession() {
    const cookies = await this.context.cookies(this.origin);
    return cookies.find(({ name }) => name === 'app_session')?.value;
  }
}

class Redis {
  static async start(port, directory) {
    mkdirSync(directory);
    const redis = Object.assign(new Redis(), { port, directory });
    await redis.#start();
    return redis;
  }

  async #start() {
    const options = ['--port', this.port, '--bind', '127.0.0.1', '--dir', this.directory, '--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];
    this.child = spawn('redis-server', options.map(String), { stdio: 'ignore', env: withDatabases() });
    await until('Redis listens', () => listens(this.port));
  }

  async restart() {
    await this.stop();
    await sleep(1000);
    await this.#start();
  }

  /** As a power failure does. */
  stop() {
    return stop(this, 'SIGKILL');
  }
}

/** The environment of programs that `scripts/databases.sh` has unpacked. */
function withDatabases() {
  const usr = fileURLToPath(new URL('../../.tools/databases/usr', import.meta.url));
  if (!existsSync(usr)) return process.env;
  const libraries = readdirSync(join(usr, 'lib')).filter((name) => name.endsWith('-linux-gnu'));
  return {
    ...process.env,
    PATH: `${join(usr, 'bin')}:${process.env.PATH}`,
    LD_LIBRARY_PATH: libraries.map((name) => join(usr, 'lib', name)).join(':'),
  };
}

async function haproxy(port, ports, directory) {
  const file = join(directory, 'haproxy.cfg');
  const servers = ports.map((node, index) => `  server node${index} 127.0.0.1:${node} check inter 500ms fall 1 rise 1`);
  writeFileSync(
    file,
    `global
  maxconn 1000
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s
  option forwardfor
  retries 3
  option redispatch
  retry-on conn-failure empty-response response-timeout
frontend web
  bind 127.0.0.1:${port}
  http-request set-header X-Forwarded-Proto http
  default_backend app
backend app
  balance roundrobin
  option httpchk GET /healthz
${servers.join('\n')}
`,
  );
  const child = spawn('haproxy', ['-f', file, '-db'], { stdio: 'ignore' });
  await until('haproxy listens', () => listens(port));
  return { stop: () => stop({ child }) };
}

/** Starts a local Clerk, and returns the variables of an app that uses it. */
async function localClerk(command) {
  const program = await start('local Clerk', command, [], {
    LOCAL_CLERK_ADDR: '127.0.0.1:0',
    LOCAL_CLERK_DATA: 'memory',
    LOCAL_CLERK_INSTANCE: 'development',
    LOCAL_CLERK_NPM_DIR: fileURLToPath(new URL('../../node_modules', import.meta.url)),
    RUST_LOG: 'warn',
  });
  return Object.fromEntries(program.lines.filter((line) => line.includes('=')).map((line) => line.split(/=(.*)/).slice(0, 2)));
}

const listens = (port) =>
  new Promise((result) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => result(true)).once('error', () => result(false)).unref();
    socket.once('connect', () => socket.destroy());
  });
