// peers.mjs APP: measures the home page and the API of the app beside small servers of other frameworks with Clerk's own
// SDKs (benches/peers), in alternating rounds. See benches/README.md.

import { createPublicKey } from 'node:crypto';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { freePorts, load, median, memory, signIn, start, startApp, stopAll } from './programs.mjs';

const seconds = Number(process.env.BENCH_SECONDS || 3);
const rounds = Number(process.env.BENCH_ROUNDS || 3);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const PEERS = [
  ['Express', process.execPath, here('peers/express.mjs')],
  ['Hono', process.execPath, here('peers/hono.mjs')],
  ['Next.js', process.execPath, here('peers/next/server.mjs')],
  ['Flask', here('../.tools/peers/bin/python'), here('peers/flask/app.py')],
];
const ROWS = [
  ['`/` signed out', '/', 'signedOut'],
  ['`/` signed in', '/', 'signedIn'],
  ['`/api/me` signed in', '/api/me', 'signedIn'],
];

try {
  await main();
} finally {
  stopAll();
}

async function main() {
  const app = await startApp('this app', process.argv[2]);
  await signIn(app);
  const keys = await clerkKeys(app);
  const subjects = [app];
  for (const [name, command, script] of PEERS) {
    const [port] = await freePorts(1);
    subjects.push(await start(name, command, [script], { ...keys, PORT: String(port) }));
  }

  console.log(`${cpus()[0].model}, ${cpus().length} cores; 32 connections; ${rounds} rounds of ${seconds} s\n`);
  console.log(`| CPU per request | ${subjects.map(({ name }) => name).join(' | ')} |`);
  console.log(`|---|${'---:|'.repeat(subjects.length)}`);
  for (const [name, path, cookies] of ROWS) {
    const headers = { accept: 'text/html', cookie: app[cookies] };
    for (const subject of subjects) await check(subject, path, headers, cookies === 'signedIn');
    const results = subjects.map(() => []);
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, subject] of subjects.entries()) {
        results[index].push(await load(subject, path, headers, { seconds }));
      }
    }
    const base = median(results[0], 'cpu');
    const cells = results.map((runs) => {
      const cpu = median(runs, 'cpu');
      return `${Math.round(cpu)} µs (${(cpu / base).toFixed(0)} x)`;
    });
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
  console.log(`| memory after this | ${subjects.map((subject) => `${memory(subject)} MiB`).join(' | ')} |`);
}

/** What the SDKs need to verify the app's session tokens without a request to Clerk. */
async function clerkKeys(app) {
  const page = await (await fetch(app.url, { headers: { accept: 'text/html', cookie: app.signedOut } })).text();
  const { keys } = await (await fetch(`${app.url}/__clerk/.well-known/jwks.json`)).json();
  return {
    CLERK_PUBLISHABLE_KEY: /data-clerk-publishable-key="([^"]+)"/.exec(page)[1],
    CLERK_SECRET_KEY: 'sk_test_peers',
    CLERK_API_URL: app.url,
    CLERK_JWT_KEY: createPublicKey({ key: keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' }),
  };
}

/** Makes sure that a server knows who is asking. */
async function check(subject, path, headers, isSignedIn) {
  const response = await fetch(subject.url + path, { headers, redirect: 'manual' });
  const body = await response.text();
  if (response.status !== 200 || /user_\w{20}/.test(body) !== isSignedIn) {
    throw new Error(`${subject.name}: ${path} is answered with ${response.status}:\n${body.slice(0, 2000)}`);
  }
}
