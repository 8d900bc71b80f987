// Applies the steps of docs/quickstart.md to the example without Clerk, and compares the outcome with the example with Clerk, which
// the browser tests sign in to.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const examples = join(root, 'crates/leptos-clerk/examples');
const read = (example, file) => readFileSync(join(examples, example, file), 'utf8');

// What `cargo add` writes, except that the example depends on the crates beside it.
const cargoAdd = (manifest) =>
  manifest
    .replace('\n\nconsole_error', '\nleptos-clerk = "0.1.0"\n\nconsole_error')
    .replace('\nleptos_axum = {', '\naxum-clerk = { version = "0.1.0", optional = true }\nleptos_axum = {');
const published = (manifest) =>
  manifest
    .replace(/(leptos-clerk = )\{ version = ("[^"]+"), path = "[^"]+" \}/, '$1$2')
    .replace(/(axum-clerk = \{ version = "[^"]+"), path = "[^"]+"/, '$1')
    // How the repository builds the example.
    .replace(/\n# As in the workspace.*?(?=\n\[profile\.wasm-release\])/s, '')
    .replace(/# cargo-leptos builds.*\n/, '');

const files = {
  'Cargo.toml': cargoAdd(read('before-clerk', 'Cargo.toml')),
  'src/app.rs': read('before-clerk', 'src/app.rs'),
  'src/lib.rs': read('before-clerk', 'src/lib.rs'),
  'src/main.rs': read('before-clerk', 'src/main.rs'),
  'style/main.css': read('before-clerk', 'style/main.css'),
};

const steps = [...readFileSync(join(root, 'docs/quickstart.md'), 'utf8').matchAll(/```diff\n# (\S+)\n(.*?)```/gs)];
assert(steps.length > 5, 'docs/quickstart.md has no steps');
for (const [, file, diff] of steps) {
  const side = (drop) =>
    diff
      .split('\n')
      .filter((line) => line && line[0] !== drop)
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  const [before, after] = [side('+'), side('-')];
  const parts = files[file]?.split(before);
  assert.equal(parts?.length, 2, `docs/quickstart.md: this must be in ${file} exactly once:\n${before}`);
  files[file] = parts.join(after);
}
for (const [file, outcome] of Object.entries(files)) {
  const expected = read('start-axum', file);
  assert.equal(outcome, file === 'Cargo.toml' ? published(expected) : expected, `the outcome of docs/quickstart.md: ${file}`);
}
console.log(`docs/quickstart.md: ${steps.length} steps lead to the example`);
