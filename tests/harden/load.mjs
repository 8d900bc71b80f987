// Mixed traffic at ninety percent of what the app can take, for ten minutes, and then twice as much as it can take.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { memory, signIn, startApp, stop } from '../../benches/programs.mjs';
import { get } from './http.mjs';
import { assert, check, sleep, until } from './report.mjs';

const SOAK_SECONDS = Number(process.env.HARDEN_SOAK_SECONDS || 600);
const OVERLOAD_SECONDS = Number(process.env.HARDEN_OVERLOAD_SECONDS || 60);
const CLIENTS = 32;
const CONNECTIONS = 200;

const PATHS = ['/', '/plans', '/profile', '/api/me', '/favicon.svg', '/sign-in', '/', '/plans'];

export async function load(command) {
  const app = await startApp('app', command, { APP_MAX_CONNECTIONS: String(CONNECTIONS), APP_RATE_LIMIT: 'off' });
  try {
    await signIn(app);
    let capacity;
    await check('load', 'capacity with mixed traffic', async () => {
      await traffic(app, { seconds: 5 });
      const all = await traffic(app, { seconds: 10 });
      capacity = all.rate;
      return `${Math.round(capacity)} requests/s over ${CLIENTS} connections, beside the program that sends them`;
    });
    await check('load', `90 % of that, ${SOAK_SECONDS} s`, () => soak(app, capacity * 0.9));
    await check('load', `twice as many clients as connections, ${OVERLOAD_SECONDS} s`, () => overload(app, capacity));
  } finally {
    await stop(app);
  }
}

/** The memory may grow while caches fill, which takes less than the first third. */
async function soak(app, rate) {
  const began = Date.now();
  const samples = [];
  const slices = [];
  while (Date.now() - began < SOAK_SECONDS * 1000) {
    const seconds = Math.min(30, SOAK_SECONDS);
    slices.push(await traffic(app, { seconds, rate }));
    samples.push({ at: (Date.now() - began) / 60_000, memory: memory(app), descriptors: descriptors(app) });
  }
  const later = samples.slice(Math.floor(samples.length / 3));
  const slope = later.length > 2 ? regression(later.map(({ at, memory }) => [at, memory])) : 0;
  const total = slices.reduce((sum, { requests }) => sum + requests, 0);
  const failed = slices.reduce((sum, { failed }) => sum + failed, 0);
  const p99 = Math.max(...slices.map(({ p99 }) => p99));
  const open = Math.max(...later.map(({ descriptors }) => descriptors));
  assert(failed === 0, `${failed} of ${total} requests failed`);
  assert(slope < 0.5, `memory grows by ${slope.toFixed(2)} MiB a minute`);
  assert(later.at(-1).descriptors <= later[0].descriptors + CLIENTS, `descriptors: ${later[0].descriptors} to ${later.at(-1).descriptors}`);
  return `${total} requests, none failed; p99 at most ${p99} ms; memory ${later.at(-1).memory} MiB, ${slope.toFixed(2)} MiB a minute; at most ${open} descriptors`;
}

async function overload(app, capacity) {
  const clients = traffic(app, { seconds: OVERLOAD_SECONDS, clients: 2 * CONNECTIONS, mayFail: true });
  await sleep(2000);
  const shed = await until('a request is shed', async () => {
    const response = await get(`${app.url}/`, { seconds: 10 }).catch(() => undefined);
    return response?.status === 503 && response;
  });
  assert(Number(shed.headers['retry-after']) > 0, 'no Retry-After');
  const all = await clients;
  assert(all.rate > capacity / 2, `only ${Math.round(all.rate)} requests/s are answered`);
  const began = performance.now();
  const after = await get(`${app.url}/`, { cookie: app.signedOut });
  assert(after.status === 200, `answered with ${after.status} afterwards`);
  const ms = Math.round(performance.now() - began);
  assert(ms < 1000, `the first response afterwards takes ${ms} ms`);
  return `${Math.round(all.rate)} requests/s are answered, further clients get 503 with Retry-After; ${ms} ms for the first page afterwards`;
}

/** Sends requests with and without a session, half of the clients each. `rate` limits them, in requests per second. */
async function traffic(app, { seconds, rate, clients = CLIENTS, mayFail = false }) {
  const directory = mkdtempSync(join(tmpdir(), 'load-'));
  try {
    const uris = join(directory, 'uris');
    writeFileSync(uris, PATHS.map((path) => app.url.replace('localhost', '127.0.0.1') + path).join('\n'));
    const half = async (name, cookie) => {
      const log = join(directory, name);
      const sent = promisify(execFile)('h2load', [
        '--h1', '-t1', `-c${clients / 2}`, `-D${seconds}`, '-i', uris, `--log-file=${log}`, '-H', `cookie: ${cookie}`, '-H', 'accept: text/html',
        ...(rate ? [`--rps=${rate / clients}`] : []),
      ], { timeout: (seconds + 5) * 1000 });
      // It does not end by itself when connections are refused; what it has logged until then counts.
      await sent.catch((error) => assert(mayFail, error.message));
      const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
      return lines.map((line) => line.split('\t').map(Number));
    };
    const results = (await Promise.all([half('in', app.signedIn), half('out', app.signedOut)])).flat();
    const failed = results.filter(([, status]) => status < 200 || status >= 500).length;
    assert(mayFail || results.length > 0, 'no request was answered');
    const times = results.map(([, , microseconds]) => microseconds).sort((a, b) => a - b);
    const answered = mayFail ? results.length - failed : results.length;
    return { requests: results.length, failed, rate: answered / seconds, p99: Math.round(times[Math.floor(times.length * 0.99)] / 100) / 10 };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const descriptors = ({ child }) => readdirSync(`/proc/${child.pid}/fd`).length;

/** The slope of the line through points, by least squares. */
function regression(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const above = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return above / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}
