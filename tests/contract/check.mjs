// Validates every reply that the local Clerk recorded (LOCAL_CLERK_RECORD) against Clerk's OpenAPI description of
// 2026-05-12, and requires a successful call of every endpoint that the local Clerk documents.
//
//   node tests/contract/check.mjs RECORDING
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { created, deviations, outside, refused } from './deviations.mjs';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const recorded = new Map(readFileSync(process.argv[2], 'utf8').trim().split('\n').map((line) => [line, JSON.parse(line)]));
const contracts = { frontend: contract('frontend', ''), backend: contract('backend', '/v1') };
const problems = new Map();
const used = new Set();
const succeeded = { frontend: new Set(), backend: new Set() };

/** A validator for each status of each operation. The keys are operations with the names of path parameters removed. */
function contract(name, prefix) {
  const { operations, schemas } = JSON.parse(read(`${name}.json`));
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
  ajv.addSchema({ $id: name, schemas });
  const within = (schema) => JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#', `"$ref":"${name}#`));
  const checks = Object.entries(operations).map(([operation, replies]) => [
    anonymous(operation.replace(' ', ` ${prefix}`)),
    Object.fromEntries(
      Object.entries(replies).map(([status, schema]) => [status, schema ? ajv.compile(within(schema)) : () => true]),
    ),
  ]);
  const errors = ajv.compile({ $ref: `${name}#/schemas/ClerkErrors` });
  return { operations: new Map(checks), errors };
}

function anonymous(operation) {
  return operation.replaceAll(/{[^}]*}/g, '{}');
}

function problem(operation, text) {
  const line = `${operation}: ${text}`;
  problems.set(line, (problems.get(line) ?? 0) + 1);
}

for (const { api, method, path, status, body } of recorded.values()) {
  const { operations, errors } = contracts[api];
  const operation = `${method} ${path}`;
  const replies = operations.get(anonymous(operation));
  if (status < 400) succeeded[api].add(operation);
  if (!replies) {
    if (!outside.includes(operation)) problem(`${api} ${operation}`, 'not in the contract');
    continue;
  }
  let reply = body;
  for (const deviation of deviations) {
    if (status >= 400 !== Boolean(deviation.errors) || !deviation.operation.test(operation)) continue;
    const conforming = deviation.undo(reply);
    if (conforming) {
      used.add(deviation);
      reply = conforming;
    }
  }
  // The contract does not list every error of every operation, but all of them have the same schema.
  const listed = status === 201 && created.includes(operation) ? 200 : status;
  const check = replies[listed] ?? (status >= 400 ? errors : undefined);
  if (!check) problem(`${api} ${operation}`, `status ${status} is not in the contract`);
  else if (!check(reply)) {
    for (const { instancePath, message, params } of check.errors) {
      const detail = params.additionalProperty ?? params.allowedValues?.join('|') ?? '';
      problem(`${api} ${operation} ${status}`, `${instancePath.replaceAll(/\/\d+/g, '/*')} ${message} ${detail}`.trim());
    }
  }
}

const documented = documentedOperations();
for (const api of ['frontend', 'backend']) {
  const { operations } = contracts[api];
  const known = documented[api].filter((operation) => operations.has(anonymous(operation)));
  const claim = `${known.length} of the ${operations.size} operations`;
  if (!read('../../crates/local-clerk/docs/local-clerk.md').includes(claim)) problem('crates/local-clerk/docs/local-clerk.md', `should say ${claim} of the ${api} API`);
  for (const operation of documented[api]) {
    if (!succeeded[api].has(operation) && !refused.includes(operation)) problem(`${api} ${operation}`, 'no test received a successful reply');
  }
}
for (const deviation of deviations) {
  if (!used.has(deviation)) problem('tests/contract/deviations.mjs', `unused, no reply deviates: ${deviation.why}`);
}

/** The operations in the tables of the documentation: `| path | methods | note |` under a heading for each API. */
function documentedOperations() {
  const documented = { frontend: [], backend: [] };
  let api;
  for (const line of read('../../crates/local-clerk/docs/local-clerk.md').split('\n')) {
    if (line.startsWith('## ')) api = { '## Frontend API': 'frontend', '## Backend API': 'backend' }[line];
    const row = api && line.match(/^\| `(\/[^`]*)` \| ([A-Z, ]+) \|/);
    if (row) documented[api].push(...row[2].split(', ').map((method) => `${method} ${row[1]}`));
  }
  return documented;
}

for (const [text, times] of [...problems].sort()) console.error(`${text}${times > 1 ? ` (${times} times)` : ''}`);
console.log(`${recorded.size} different replies of ${succeeded.frontend.size + succeeded.backend.size} endpoints: ${problems.size} problems`);
process.exit(problems.size ? 1 : 0);
