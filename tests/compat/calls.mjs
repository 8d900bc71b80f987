// What each client has called with success, from recordings of the local Clerk (LOCAL_CLERK_RECORD), compared with
// tests/compat/called.json. A call of that file which a recording lacks is an error; further calls are only reported.
//
//   node tests/compat/calls.mjs RECORDING... [--write]
//
// A recording named after an app (test-results/calls/nextjs.jsonl) is that app's. The one of `make test` is divided by the
// clients of clients.json.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import apps from './apps.json' with { type: 'json' };
import clients from './clients.json' with { type: 'json' };

const file = join(import.meta.dirname, 'called.json');
const isWriting = process.argv.includes('--write');

/** Returns the operations with a successful reply, by client and API. */
function operationsIn(recording) {
  const app = basename(recording, '.jsonl');
  const calls = {};
  const names = Object.hasOwn(apps, app) ? [app] : Object.keys(clients);
  for (const name of names) calls[name] = { frontend: new Set(), backend: new Set() };
  for (const line of readFileSync(recording, 'utf8').split('\n').filter(Boolean)) {
    const { client, api, method, path, status } = JSON.parse(line);
    const name = names.find((name) => name === app || client.startsWith(clients[name].agent));
    // clerk-js replaces a token that is about to expire, which depends on how long the app runs.
    if (name === app && client.startsWith('@clerk/clerk-js@') && path.endsWith('/tokens')) continue;
    if (name && status < 400) calls[name][api].add(`${method} ${path}`);
  }
  return calls;
}

const called = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
const recordings = process.argv.slice(2).filter((argument) => argument !== '--write');
let isMissing = false;
let isOutdated = false;
for (const recording of recordings) {
  for (const [name, apis] of Object.entries(operationsIn(recording))) {
    const found = [...apis.frontend, ...apis.backend];
    const known = called[name] ? [...called[name].frontend, ...called[name].backend] : [];
    const missing = known.filter((operation) => !found.includes(operation));
    const further = found.filter((operation) => !known.includes(operation));
    if (found.length === 0) console.log(`${name} has called nothing in ${recording}`);
    else if (missing.length > 0) console.log(`${name} has not called with success: ${missing.join(', ')}`);
    if (further.length > 0) console.log(`${name} has also called: ${further.join(', ')}`);
    isMissing ||= missing.length > 0;
    isOutdated ||= missing.length + further.length > 0;
    // A recording of a part of the tests may lack a client.
    if (isWriting && found.length > 0) {
      called[name] = { frontend: [...apis.frontend].sort(), backend: [...apis.backend].sort() };
    }
  }
}

if (isWriting) {
  const order = [...Object.keys(apps), ...Object.keys(clients)];
  const sorted = Object.fromEntries(order.filter((name) => called[name]).map((name) => [name, called[name]]));
  writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
} else if (isOutdated) {
  console.log(`to write this: node tests/compat/calls.mjs ${recordings.join(' ')} --write && node tests/compat/table.mjs --write`);
  process.exitCode = isMissing ? 1 : 0;
}
