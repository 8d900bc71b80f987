// growth.mjs APP: how the cost of a signed-in page grows with users, sessions, claims, cookies and connections. See
// benches/README.md.

import { execFileSync } from 'node:child_process';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { load, median, memory, startApp, stopAll } from './programs.mjs';

const seconds = Number(process.env.BENCH_SECONDS || 3);
const rounds = Number(process.env.BENCH_ROUNDS || 3);
/** More than the app keeps in its caches, so that every request reads the session store. */
const MANY = 20_000;
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

const api = createServer((request, response) => {
  const id = request.url.split('/').pop();
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ id, first_name: 'Ada', last_name: 'Lovelace', email_addresses: [] }));
});
try {
  await new Promise((listening) => api.listen(0, '127.0.0.1', listening));
  await main();
} finally {
  api.closeAllConnections();
  api.close();
  stopAll();
}

async function main() {
  const app = await startApp('app', process.argv[2], {
    APP_MAX_CONNECTIONS: '2000',
    CLERK_API_URL: `http://127.0.0.1:${api.address().port}`,
    CLERK_JWT_KEY: publicKey.export({ type: 'spki', format: 'pem' }),
    CLERK_PUBLISHABLE_KEY: `pk_test_${Buffer.from('clerk.example.com$').toString('base64')}`,
    CLERK_SECRET_KEY: 'sk_test_growth',
    LOCAL_CLERK: 'off',
  });
  const [one] = await signIn(app, 1);
  const measure = async (cookies, connections) => {
    const [file, script] = ['cookies.txt', 'rotate.lua'].map((name) => join(app.directory, name));
    writeFileSync(file, cookies.join('\n'));
    writeFileSync(script, rotate(file));
    return load(app, '/', { accept: 'text/html' }, { seconds, connections, script });
  };
  const table = async (title, rows) => {
    const runs = rows.map(() => []);
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, [, cookies]] of rows.entries()) runs[index].push(await measure(cookies));
    }
    console.log(`\n| ${title} | CPU per signed-in page |\n|---|---:|`);
    for (const [index, [name]] of rows.entries()) console.log(`| ${name} | ${Math.round(median(runs[index], 'cpu'))} µs |`);
  };

  // The first load is slower than those after it.
  await measure([one]);
  const claims = [0, 500, 1000, 2000];
  const byClaims = claims.map(async (size) => [`${size} bytes more`, await signIn(app, 1, { note: 'x'.repeat(size) })]);
  await table('size of the claims', await Promise.all(byClaims));

  const others = (size) => Array.from({ length: size / 64 }, (_, index) => `; other_${index}=${'x'.repeat(50)}`).join('');
  await table('cookies of other programs', [0, 1, 4, 16].map((size) => [`${size} KB`, [one + others(size * 1024)]]));

  console.log('\n| connections | CPU per signed-in page | memory |\n|---|---:|---:|');
  for (const connections of [1, 16, 64, 256, 1024]) {
    const loaded = measure([one], connections);
    await new Promise((done) => setTimeout(done, (seconds * 1000) / 2));
    const used = memory(app);
    console.log(`| ${connections} | ${(await loaded).cpu.toFixed(0)} µs | ${used} MiB |`);
  }

  const before = memory(app);
  const users = await signIn(app, MANY);
  await table('users who visit in turn', [1, 100, 1000, 10_000, MANY].map((count) => [count, users.slice(0, count)]));
  console.log(`\nMemory: ${before} MiB before these users came, ${memory(app)} MiB after`);

  for (const count of [MANY, 100_000, 1_000_000]) {
    fillStore(join(app.directory, 'sessions.sqlite'), count);
    await table(`${count} sessions in the store, ${MANY} of them in use`, [['each in turn', users]]);
  }
}

/** A script for wrk that sends the next line of a file as the cookie header with every request. */
function rotate(file) {
  return `
local cookies = {}
for line in io.lines(${JSON.stringify(file)}) do cookies[#cookies + 1] = line end
math.randomseed(os.time())
local next = math.random(#cookies)
request = function()
  next = next % #cookies + 1
  wrk.headers["Cookie"] = cookies[next]
  return wrk.format()
end
`;
}

/** Creates users with a session of the app each. Returns the cookie headers of their browsers. */
async function signIn(app, count, claims = {}) {
  const headers = [];
  const worker = async () => {
    while (headers.length < count) {
      const index = headers.push('') - 1;
      const clerk = `__session=${token(app, index, claims)}; __client_uat=1700000000; __clerk_db_jwt=x`;
      const page = await fetch(`${app.url}/`, { headers: { cookie: clerk, accept: 'text/html' } });
      if (!(await page.text()).includes('Welcome back, Ada')) throw new Error(`user ${index} is not signed in`);
      const session = page.headers.getSetCookie().find((cookie) => cookie.startsWith('app_session='));
      headers[index] = `${clerk}; ${session.split(';')[0]}`;
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  return headers;
}

function token(app, index, claims) {
  const now = Math.floor(Date.now() / 1000);
  const id = `${claims.note?.length ?? ''}_${index}`;
  const payload = {
    iss: 'https://clerk.example.com',
    sub: `user_${id}`,
    sid: `sess_${id}`,
    azp: app.url,
    iat: now,
    nbf: now - 10,
    exp: now + 7200,
    v: 2,
    ...claims,
  };
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode({ alg: 'RS256', kid: 'ins_growth', typ: 'JWT' })}.${encode(payload)}`;
  return `${signed}.${createSign('sha256').update(signed).sign(privateKey, 'base64url')}`;
}

/** Adds copies of a session to the store. Python has SQLite in its standard library; Node 20 has not. */
function fillStore(path, count) {
  const program = `
import sqlite3, sys
store = sqlite3.connect(sys.argv[1], timeout=60)
missing = int(sys.argv[2]) - store.execute("SELECT count(*) FROM sessions").fetchone()[0]
store.execute("""
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
    INSERT INTO sessions (id, owner, data, expires, deadline)
    SELECT lower(hex(randomblob(11))), owner, data, expires, deadline
    FROM numbers, (SELECT owner, data, expires, deadline FROM sessions WHERE owner IS NOT NULL LIMIT 1) WHERE ? > 0
""", (missing, missing))
store.commit()
`;
  execFileSync('python3', ['-c', program, path, String(count)]);
}
