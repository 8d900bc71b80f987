// bench.mjs APP FLOOR: measures the app beside the floor, in alternating rounds. See benches/README.md.

import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const [app, floor] = process.argv.slice(2);
const seconds = Number(process.env.BENCH_SECONDS || 3);
const rounds = Number(process.env.BENCH_ROUNDS || 3);
const connections = 32;

/** What browsers send. */
const ENCODINGS = 'gzip, deflate, br';

const programs = [];
const directory = mkdtempSync(join(tmpdir(), 'bench-'));
try {
  await main();
} finally {
  for (const { child } of programs) child.kill();
  rmSync(directory, { recursive: true });
}

async function main() {
  const subjects = [await startApp('app', app)];
  if (process.env.BENCH_BASELINE) subjects.push(await startApp('baseline', process.env.BENCH_BASELINE));
  const plain = await startFloor('floor', []);
  const compressing = await startFloor('floor, compressing', ['compress']);
  for (const subject of subjects) await signIn(subject);

  const pages = [
    ['`/` signed out', '/', '/', 'signedOut'],
    ['`/` signed in', '/', '/in', 'signedIn'],
    ['`/plans` signed out', '/plans', '/', 'signedOut'],
    ['`/profile` signed in', '/profile', '/in', 'signedIn'],
  ];
  const rows = pages.flatMap(([name, path, floorPath, cookies]) => [
    { name, path, cookies, floor: plain, floorPath },
    { name: `${name}, compressed`, path, cookies, encodings: ENCODINGS, floor: compressing, floorPath },
  ]);
  rows.push(
    { name: '`/api/me` signed in', path: '/api/me', cookies: 'signedIn', floor: plain, floorPath: '/ok' },
    { name: 'handshake redirect', path: '/', cookies: 'expired', status: 307, floor: plain, floorPath: '/ok' },
    { name: '`/favicon.svg`', path: '/favicon.svg', floor: plain, floorPath: '/ok' },
    { name: '`/healthz`', path: '/healthz', floor: plain, floorPath: '/ok' },
  );

  console.log(`${cpus()[0].model}, ${cpus().length} cores; ${connections} connections; ${rounds} rounds of ${seconds} s\n`);
  const names = subjects.map(({ name }) => name);
  console.log(`| | floor, µs | ${names.map((name) => `${name}, µs | x floor | requests/s | p50 | p99`).join(' | ')} |`);
  console.log(`|---|---:|${names.map(() => '---:|---:|---:|---:|---:|').join('')}`);
  for (const row of rows) {
    for (const subject of subjects) await check(subject, row);
    const floors = [];
    const results = subjects.map(() => []);
    for (let round = 0; round < rounds; round += 1) {
      floors.push(await load(row.floor, row.floorPath, row.encodings ? { 'accept-encoding': row.encodings } : {}));
      for (const [index, subject] of subjects.entries()) {
        results[index].push(await load(subject, row.path, headers(subject, row)));
      }
    }
    const base = median(floors, 'cpu');
    const cells = results.map((runs) => {
      const cpu = median(runs, 'cpu');
      const rate = Math.round(median(runs, 'rate'));
      return `${cpu.toFixed(1)} | ${(cpu / base).toFixed(2)} | ${rate} | ${median(runs, 'p50')} ms | ${median(runs, 'p99')} ms`;
    });
    console.log(`| ${row.name} | ${base.toFixed(1)} | ${cells.join(' | ')} |`);
  }

  console.log(`\n| | start, ms | memory when started | after the load above | with 256 connections |`);
  console.log('|---|---:|---:|---:|---:|');
  for (const program of [plain, ...subjects]) {
    const after = memory(program);
    const path = program === plain ? '/in' : '/';
    const loaded = load(program, path, { cookie: program.signedIn ?? '' }, 256);
    await new Promise((done) => setTimeout(done, (seconds * 1000) / 2));
    console.log(`| ${program.name} | ${program.started} | ${program.idle} MiB | ${after} MiB | ${memory(program)} MiB |`);
    await loaded;
  }
}

/** Starts a program, and waits until it prints its address. */
async function start(name, command, args, env) {
  const began = performance.now();
  const cwd = mkdtempSync(join(directory, 'program-'));
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const program = { name, child };
  programs.push(program);
  for await (const line of createInterface(child.stdout)) {
    const [, url] = /^ready on (\S+)/.exec(line) ?? [];
    if (url) {
      program.url = url;
      program.started = Math.round(performance.now() - began);
      program.idle = memory(program);
      return program;
    }
  }
  throw new Error(`${command} exited before it was ready`);
}

function startFloor(name, args) {
  return start(name, floor, args, {});
}

/** Starts the app with a local Clerk, whose tokens are valid for longer than the measurement takes. */
async function startApp(name, command) {
  const [port, clerkPort] = await freePorts(2);
  return start(name, resolve(command), [], {
    APP_URL: `http://localhost:${port}`,
    CLERK_PUBLISHABLE_KEY: '',
    CLERK_SECRET_KEY: '',
    LEPTOS_HASH_FILES: 'false',
    LEPTOS_OUTPUT_NAME: 'leptos-with-clerk',
    LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
    LEPTOS_SITE_ROOT: join(root, 'public'),
    LOCAL_CLERK: 'on',
    LOCAL_CLERK_ADDR: `127.0.0.1:${clerkPort}`,
    LOCAL_CLERK_DATA: 'memory',
    LOCAL_CLERK_NPM_DIR: join(root, 'node_modules'),
    LOCAL_CLERK_TOKEN_LIFETIME: '7200',
    RUST_LOG: 'warn',
    SESSION_STORE: 'sqlite:sessions.sqlite',
  });
}

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((listening) => server.once('listening', listening))));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

/** Signs a user up as clerk-js does, and keeps the cookies that a browser would send. */
async function signIn(program) {
  const api = `${program.url}/__clerk/v1`;
  const devBrowser = (await json(await fetch(`${api}/dev_browser`, { method: 'POST' }))).id;
  let client = '';
  const call = async (path, body) => {
    const response = await fetch(`${api}/client/${path}?__clerk_db_jwt=${devBrowser}`, {
      method: 'POST',
      headers: { origin: program.url, cookie: client },
      body: new URLSearchParams(body),
    });
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
    client = cookies.find((cookie) => cookie.startsWith('__client=')) ?? client;
    return json(response);
  };
  const account = { email_address: 'ada@example.com', password: 'correct horse 9', first_name: 'Ada', last_name: 'Lovelace' };
  const signUp = `sign_ups/${(await call('sign_ups', account)).response.id}`;
  await call(`${signUp}/prepare_verification`, { strategy: 'email_code' });
  const verified = await call(`${signUp}/attempt_verification`, { strategy: 'email_code', code: '424242' });
  const { jwt } = await call(`sessions/${verified.response.created_session_id}/tokens`, {});
  const { iat } = JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url'));
  program.signedOut = `__clerk_db_jwt=${devBrowser}`;
  const clerk = `__session=${jwt}; __client_uat=${iat - 1}; ${program.signedOut}`;
  program.expired = `__session=${jwt}; __client_uat=${iat + 3600}; ${program.signedOut}`;
  const page = await fetch(`${program.url}/`, { headers: { cookie: clerk, accept: 'text/html' } });
  const session = page.headers.getSetCookie().find((cookie) => cookie.startsWith('app_session='));
  program.signedIn = `${clerk}; ${session.split(';')[0]}`;
}

async function json(response) {
  if (!response.ok) throw new Error(`${response.url.split('?')[0]}: ${response.status} ${await response.text()}`);
  return response.json();
}

function headers(program, { cookies, encodings }) {
  return {
    accept: 'text/html',
    'sec-fetch-dest': 'document',
    ...(cookies && { cookie: program[cookies] }),
    ...(encodings && { 'accept-encoding': encodings }),
  };
}

/** Makes sure that the responses that are about to be measured are the right ones. */
async function check(program, row) {
  const response = await fetch(program.url + row.path, { headers: headers(program, row), redirect: 'manual' });
  const body = await response.text();
  const isSignedIn = /user_\w{20}/.test(body);
  if (response.status !== (row.status ?? 200) || isSignedIn !== (row.cookies === 'signedIn')) {
    throw new Error(`${program.name}: ${row.name} is answered with ${response.status}:\n${body.slice(0, 2000)}`);
  }
}

/** Sends requests for some seconds. Returns the server's CPU time per request in microseconds, the rate and latencies. */
async function load(program, path, headers, count = connections) {
  const options = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const before = cpuSeconds(program);
  const { stdout } = await promisify(execFile)('wrk', [
    '-t1', `-c${count}`, `-d${seconds}s`, '--latency', ...options, program.url.replace('localhost', '127.0.0.1') + path,
  ]);
  const used = cpuSeconds(program) - before;
  const requests = Number(/(\d+) requests in/.exec(stdout)[1]);
  const latency = (percentile) => {
    const [, value, unit] = new RegExp(`${percentile}%\\s+([\\d.]+)(us|ms|s)`).exec(stdout);
    return Number((value * { us: 0.001, ms: 1, s: 1000 }[unit]).toFixed(2));
  };
  return { cpu: (used / requests) * 1e6, rate: requests / seconds, p50: latency(50), p99: latency(99) };
}

/** The processor time of a process, in seconds: `/proc/PID/stat` counts it in hundredths. */
function cpuSeconds({ child }) {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** The resident memory in MiB. */
function memory({ child }) {
  const [, kibibytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
  return Math.round(kibibytes / 1024);
}

function median(runs, key) {
  const values = runs.map((run) => run[key]).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)];
}
