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
let missing = 0;
let further = 0;
const recordings = process.argv.slice(2).filter((argument) => argument !== '--write');
for (const recording of recordings) {
  for (const [name, apis] of Object.entries(operationsIn(recording))) {
    for (const [api, operations] of Object.entries(apis)) {
      const known = called[name]?.[api] ?? [];
      for (const operation of known.filter((operation) => !operations.has(operation))) {
        missing += 1;
        console.error(`${name}: no successful call of ${operation} (${api} API)`);
      }
      const other = [...operations].filter((operation) => !known.includes(operation));
      further += other.length;
      for (const operation of other) console.log(`${name}: not in called.json: ${operation} (${api} API)`);
    }
    // A recording of a part of the tests may lack a client.
    if (isWriting && apis.frontend.size + apis.backend.size === 0) continue;
    called[name] = Object.fromEntries(Object.entries(apis).map(([api, operations]) => [api, [...operations].sort()]));
  }
}

if (isWriting) {
  const order = [...Object.keys(apps), ...Object.keys(clients)];
  const sorted = Object.fromEntries(order.filter((name) => called[name]).map((name) => [name, called[name]]));
  writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
} else {
  if (missing + further > 0) {
    console.log(`to write this: node tests/compat/calls.mjs ${recordings.join(' ')} --write && node tests/compat/table.mjs --write`);
  }
  process.exit(missing > 0 ? 1 : 0);
}
