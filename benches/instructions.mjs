// instructions.mjs PROGRAM [--update]: see scripts/instructions.sh.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('instructions.json', import.meta.url);

/** How far a ratio may move before it has to be looked at. */
const TOLERANCE = 0.03;

/** The requests, and the request of the floor that each is compared with. */
const KINDS = { out: 'floor-out', in: 'floor-in', me: 'floor-ok', static: 'floor-ok' };

const [program, option] = process.argv.slice(2);

/** Counts the instructions of one kind of request. */
function count(kind) {
  const options = ['--tool=callgrind', '--callgrind-out-file=/dev/null', '--collect-atstart=no', '--toggle-collect=*counted*'];
  const { status, stderr } = spawnSync('valgrind', [...options, program, kind], { encoding: 'utf8' });
  const collected = /Collected : (\d+)/.exec(stderr);
  if (status !== 0 || !collected || collected[1] === '0') {
    console.error(stderr);
    process.exit(1);
  }
  return Number(collected[1]);
}

const floors = Object.fromEntries([...new Set(Object.values(KINDS))].map((kind) => [kind, count(kind)]));
const ratios = {};
for (const [kind, floor] of Object.entries(KINDS)) {
  ratios[kind] = Number((count(kind) / floors[floor]).toFixed(3));
}

if (option === '--update') {
  writeFileSync(FILE, `${JSON.stringify(ratios, null, 2)}\n`);
}
const expected = JSON.parse(readFileSync(FILE, 'utf8'));
const moved = [];
for (const [kind, ratio] of Object.entries(ratios)) {
  const change = ratio / expected[kind] - 1;
  console.log(`${kind.padEnd(7)} ${ratio.toFixed(3)} x ${KINDS[kind]} (${(change * 100).toFixed(1)} %)`);
  if (!(Math.abs(change) <= TOLERANCE)) {
    moved.push(kind);
  }
}
if (moved.length > 0) {
  console.error(
    `\nThe instructions of ${moved.join(', ')} have moved by more than ${TOLERANCE * 100} %. Find out why. If the change ` +
      'is meant, record it: scripts/instructions.sh --update',
  );
  process.exit(1);
}
