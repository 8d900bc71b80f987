// bench.mjs APP FLOOR: measures the app beside the floor, in alternating rounds. See benches/README.md.

import { cpus } from 'node:os';
import { load, median, memory, signIn, start, startApp, stopAll } from './programs.mjs';

const [app, floor] = process.argv.slice(2);
const seconds = Number(process.env.BENCH_SECONDS || 3);
const rounds = Number(process.env.BENCH_ROUNDS || 3);

/** What browsers send. */
const ENCODINGS = 'gzip, deflate, br';

try {
  await main();
} finally {
  stopAll();
}

async function main() {
  const subjects = [await startApp('app', app)];
  if (process.env.BENCH_BASELINE) subjects.push(await startApp('baseline', process.env.BENCH_BASELINE));
  const plain = await start('floor', floor, [], {});
  const compressing = await start('floor, compressing', floor, ['compress'], {});
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

  console.log(`${cpus()[0].model}, ${cpus().length} cores; 32 connections; ${rounds} rounds of ${seconds} s\n`);
  const names = subjects.map(({ name }) => name);
  console.log(`| | floor, µs | ${names.map((name) => `${name}, µs | x floor | requests/s | p50 | p99`).join(' | ')} |`);
  console.log(`|---|---:|${names.map(() => '---:|---:|---:|---:|---:|').join('')}`);
  for (const row of rows) {
    for (const subject of subjects) await check(subject, row);
    const floors = [];
    const results = subjects.map(() => []);
    for (let round = 0; round < rounds; round += 1) {
      const floorHeaders = row.encodings ? { 'accept-encoding': row.encodings } : {};
      floors.push(await load(row.floor, row.floorPath, floorHeaders, { seconds }));
      for (const [index, subject] of subjects.entries()) {
        results[index].push(await load(subject, row.path, headers(subject, row), { seconds }));
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
    const loaded = load(program, path, { cookie: program.signedIn ?? '' }, { seconds, connections: 256 });
    await new Promise((done) => setTimeout(done, (seconds * 1000) / 2));
    console.log(`| ${program.name} | ${program.started} | ${program.idle} MiB | ${after} MiB | ${memory(program)} MiB |`);
    await loaded;
  }
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
