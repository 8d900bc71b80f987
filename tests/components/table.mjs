// Writes docs/components.md: the exports of Clerk's packages for React and Next.js beside those of the crates.
//
//   node tests/components/table.mjs            checks that the file is up to date, and that the table can fail
//   node tests/components/table.mjs --write    writes it
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { notes, reasons, renamed } from './reasons.mjs';

const root = new URL('../../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');

/** The modules of each package that an app imports from. */
const packages = {
  '@clerk/react': ['dist/index.mjs', 'dist/experimental.mjs', 'dist/errors.mjs'],
  '@clerk/nextjs': ['dist/esm/index.js', 'dist/esm/server/index.js', 'dist/esm/webhooks.js', 'dist/esm/errors.js', 'dist/esm/experimental.js'],
};
const crates = ['leptos-clerk', 'axum-clerk', 'clerk-auth'];

/** The names that a built JavaScript module exports, in lists: `export { a, b as c };`, with or without `from`. */
function exportsOf(source) {
  const lists = [...source.matchAll(/^export\s*\{([^}]*)\}/gm)].map(([, list]) => list);
  const names = lists.join(',').split(',').map((name) => name.trim().split(/\s+as\s+/).at(-1));
  return names.filter((name) => /^\w+$/.test(name));
}

/** The public names of a crate: those that its `lib.rs` re-exports. */
function publicNames(crate) {
  const statements = read(`crates/${crate}/src/lib.rs`).matchAll(/^pub use ([^;]+);/gm);
  return new Set([...statements].flatMap(([, path]) => path.match(/\w+\b(?!\s*::)/g)));
}

/** A hook's name in Rust: `use_api_keys` for `useAPIKeys`. */
const inRust = (name) => (/^[a-z]/.test(name) ? name.replace(/([A-Z]+)(?=[A-Z]|$)|[A-Z]/g, (word) => `_${word.toLowerCase()}`) : name);

/** The path of an export's counterpart in the crates, if there is one. */
function pathOf(name, ours) {
  const [crate, ...path] = renamed[name] ?? [crates.find((crate) => ours[crate].has(inRust(name))), inRust(name)];
  return crate && ours[crate].has(path[0]) && [crate.replace('-', '_'), ...path].join('::');
}

function rows(exported, ours) {
  const names = new Set(Object.values(exported).flat());
  const order = (name) => [/^[A-Z]/.test(name) ? 0 : /^use/.test(name) ? 1 : 2, name.toLowerCase()];
  const compare = (a, b) => (order(a) < order(b) ? -1 : 1);
  return [...names].sort(compare).map((name) => {
    const path = pathOf(name, ours);
    const answer = path ? 'yes' : name in reasons ? 'no' : '**missing**';
    const note = path ? [`\`${path}\``, notes[name]].filter(Boolean).join('; ') : (reasons[name] ?? '');
    return { name, answer, note, where: Object.keys(packages).map((one) => (exported[one].includes(name) ? '✓' : '')) };
  });
}

const exported = Object.fromEntries(
  Object.entries(packages).map(([name, modules]) => [
    name,
    [...new Set(modules.flatMap((module) => exportsOf(read(`node_modules/${name}/${module}`))))],
  ]),
);
const ours = Object.fromEntries(crates.map((crate) => [crate, publicNames(crate)]));
const versions = Object.keys(packages).map((name) => `\`${name}\` ${JSON.parse(read(`node_modules/${name}/package.json`)).version}`);

function table() {
  const all = rows(exported, ours);
  const count = (answer) => all.filter((row) => row.answer === answer).length;
  const head = ['export', ...Object.keys(packages).map((name) => `\`${name}\``), 'here', 'as, or why not'];
  const cells = all.map(({ name, where, answer, note }) => [`\`${name}\``, ...where, answer, note]);
  const lines = [head, head.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`);
  return `# Clerk's exports, and ours

Everything that an app can import from ${versions.join(' and ')}, beside what the crates export. It is generated from the
packages by \`node tests/components/table.mjs --write\`; what is neither exported nor explained shows as **missing**.
Of ${all.length}, ${count('yes')} are here, ${count('no')} are not for a reason, and ${count('**missing**')} are missing.

Names are the same; functions and hooks are in Rust's case. The [gallery](../crates/leptos-clerk/examples/gallery) has a page for
each component, which a browser test opens.

${lines.join('\n')}
`;
}

// The table must be able to fail: with an export that nobody knows.
const unknown = rows({ ...exported, '@clerk/react': [...exported['@clerk/react'], 'useTomorrow'] }, ours);
assert.equal(unknown.find((row) => row.name === 'useTomorrow')?.answer, '**missing**');
assert.ok(exported['@clerk/react'].includes('SignIn') && exported['@clerk/nextjs'].includes('clerkMiddleware'));
for (const name of [...Object.keys(reasons), ...Object.keys(notes), ...Object.keys(renamed)]) {
  assert.ok(Object.values(exported).flat().includes(name), `reasons.mjs explains ${name}, which no package exports`);
}
for (const { name, answer } of rows(exported, ours)) {
  assert.ok(answer !== 'yes' || !(name in reasons), `${name} is there, but reasons.mjs says why not`);
}

const file = new URL('docs/components.md', root);
if (process.argv.includes('--write')) {
  writeFileSync(file, table());
} else if (readFileSync(file, 'utf8') !== table()) {
  console.error(`${fileURLToPath(file)} is out of date: run node tests/components/table.mjs --write`);
  process.exit(1);
}
