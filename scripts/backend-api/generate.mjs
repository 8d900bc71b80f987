// Generates the calls and types of crates/clerk-auth/src/backend/api/generated from Clerk's contract in tests/contract.
//
//   node scripts/backend-api/generate.mjs           writes the files
//   node scripts/backend-api/generate.mjs --check   fails if they are not what would be written
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resources } from './calls.mjs';
import { Model } from './model.mjs';
import { FILES } from './names.mjs';
import { handles, requestStructs, testCalls } from './requests.mjs';
import { HEADER, enumeration, structure } from './rust.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const TARGET = join(ROOT, 'crates/clerk-auth/src/backend/api/generated');
const TESTS = join(ROOT, 'tests/backend_api');

const read = (name) => JSON.parse(readFileSync(join(ROOT, 'tests/contract', name), 'utf8'));
const model = new Model(read('backend.json'), read('backend-requests.json'));
const files = new Map();

const requests = requestStructs(model, resources);
const calls = handles(model, resources);
const modules = { resources: [...calls.keys()], requests: [...requests.keys()], types: [] };
for (const [name, text] of calls) files.set(`resources/${name}.rs`, text);
for (const [name, text] of requests) files.set(`requests/${name}.rs`, text);

const types = new Map();
for (const item of model.items()) {
  const [file] = FILES.find(([, names]) => names.test(item.name));
  types.set(file, [...(types.get(file) ?? []), item.values ? enumeration(item) : structure(item)]);
}
for (const [name, items] of types) {
  modules.types.push(name);
  files.set(`types/${name}.rs`, `${HEADER}use super::super::prelude::*;\n\n${items.join('\n')}`);
}
for (const [name, list] of Object.entries(modules)) {
  const names = list.toSorted();
  const about = { resources: 'The calls, one resource a file.', requests: 'What the calls send.', types: 'What the calls return.' };
  const declared = names.map((module) => `mod ${module};\n`).join('');
  const exported = names.map((module) => `pub use ${module}::*;\n`).join('');
  files.set(`${name}.rs`, `${HEADER.replace('\n\n', `\n//! ${about[name]}\n\n`)}${declared}\n${exported}`);
}

const tests = testCalls(model, resources);
const made = mkdtempSync(join(tmpdir(), 'backend-api-'));
try {
  const formatted = new Map();
  for (const [name, text] of [...files, ...tests]) {
    const path = join(made, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    formatted.set(name, path);
  }
  const leaves = [...formatted].filter(([name]) => name.includes('/') || tests.has(name)).map(([, path]) => path);
  execFileSync('rustfmt', ['--edition', '2024', '--config-path', ROOT, ...leaves], { stdio: 'inherit' });
  const output = new Map([...formatted].map(([name, path]) => [join(tests.has(name) ? TESTS : TARGET, name), readFileSync(path, 'utf8')]));
  process.argv.includes('--check') ? check(output) : write(output);
} finally {
  rmSync(made, { recursive: true });
}

function write(output) {
  rmSync(TARGET, { recursive: true, force: true });
  for (const [path, text] of output) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const total = [...output.values()].reduce((sum, text) => sum + text.length, 0);
  console.log(`${output.size} files, ${total} bytes`);
}

function check(output) {
  const stale = [...output].filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text).map(([path]) => path);
  const present = readdirSync(TARGET, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const extra = present.map((entry) => join(entry.parentPath, entry.name)).filter((path) => !output.has(path));
  if (!stale.length && !extra.length) return;
  for (const path of [...stale, ...extra]) console.error(`not as generated: ${path}`);
  console.error('run: node scripts/backend-api/generate.mjs');
  process.exitCode = 1;
}
