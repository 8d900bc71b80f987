// local-clerk.mjs APP FLOOR LOCAL_CLERK: how long test suites wait for the local Clerk. See benches/README.md.

import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { start, stopAll } from './programs.mjs';

const program = process.argv[4];
const rounds = Number(process.env.BENCH_INSTANCES || 20);
/** For the signing key of the next instance, which is generated in the background. */
const PAUSE_MS = 1500;

try {
  await main();
} finally {
  stopAll();
}

async function main() {
  const clerk = await start('local-clerk', program, [], {
    LOCAL_CLERK_ADDR: '127.0.0.1:0',
    LOCAL_CLERK_DATA: 'memory',
    RUST_LOG: 'warn',
  });
  const [, url] = clerk.lines.map((line) => line.split(/=(.*)/)).find(([name]) => name === 'CLERK_API_URL');
  const instances = `${url}/_emulate/instances`;
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    await sleep(PAUSE_MS);
    const began = performance.now();
    const response = await fetch(instances, { method: 'POST' });
    const { id } = await response.json();
    times.push(performance.now() - began);
    if (response.status !== 201) throw new Error(`${instances} answered with ${response.status}`);
    await fetch(`${instances}/${id}`, { method: 'DELETE' });
  }
  times.sort((one, other) => one - other);
  const ms = (time) => time.toFixed(1);
  console.log(`${cpus()[0].model}, ${cpus().length} cores; ${rounds} rounds\n`);
  console.log('| | median, ms | slowest, ms |');
  console.log('|---|---:|---:|');
  console.log(`| starting an instance | ${ms(times[rounds >> 1])} | ${ms(times.at(-1))} |`);
}
