// Starts programs, signs a user up, and measures what requests cost. Shared by the benchmarks in this directory.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const programs = [];
const directory = mkdtempSync(join(tmpdir(), 'bench-'));

/** Stops the programs, and removes what they wrote. */
export function stopAll() {
  for (const { child } of programs) child.kill();
  rmSync(directory, { recursive: true });
}

/** Stops one program, at once with `SIGKILL`. */
export async function stop({ child }, signal = 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

/** Starts a program, and waits until it prints that it is ready, and mostly its address. */
export async function start(name, command, args, env) {
  const began = performance.now();
  const cwd = mkdtempSync(join(directory, 'program-'));
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const program = { name, child, directory: cwd, lines: [] };
  programs.push(program);
  for await (const line of createInterface(child.stdout)) {
    program.lines.push(line);
    const [ready, url] = /^ready(?: on (\S+))?/.exec(line) ?? [];
    if (ready) {
      program.url = url;
      program.started = Math.round(performance.now() - began);
      program.idle = memory(program);
      return program;
    }
  }
  throw new Error(`${command} exited before it was ready`);
}

/**
 * Starts the app with a local Clerk, whose tokens are valid for longer than the measurement takes. `wrapper` is a command
 * that runs it, such as `prlimit` with its options.
 */
export async function startApp(name, command, settings = {}, wrapper = []) {
  const [port, clerkPort] = await freePorts(2);
  const [program, ...args] = [...wrapper, resolve(command)];
  return start(name, program, args, {
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
    RUST_LOG: process.env.RUST_LOG || 'warn',
    SESSION_STORE: 'sqlite:sessions.sqlite',
    ...settings,
  });
}

export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((listening) => server.once('listening', listening))));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

/** Signs a user up as clerk-js does, and keeps the cookies that a browser would send. */
export async function signIn(program) {
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

/**
 * Sends requests for some seconds. `script` is the path of a Lua script for wrk. Returns the server's CPU time per request in
 * microseconds, requests per second, and latencies in milliseconds.
 */
export async function load(program, path, headers, { seconds, connections = 32, script }) {
  const options = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const before = cpuSeconds(program);
  const { stdout } = await promisify(execFile)('wrk', [
    '-t1', `-c${connections}`, `-d${seconds}s`, '--latency', ...(script ? ['-s', script] : []), ...options,
    program.url.replace('localhost', '127.0.0.1') + path,
  ]);
  const used = cpuSeconds(program) - before;
  if (/Non-2xx/.test(stdout)) throw new Error(`${program.name}: ${path}: requests failed:\n${stdout}`);
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
export function memory({ child }) {
  const [, kibibytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
  return Math.round(kibibytes / 1024);
}

export function median(runs, key) {
  const values = runs.map((run) => run[key]).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)];
}
