// The compatibility tables: of apps in docs/recipes/README.md, of clients in crates/local-clerk/docs/local-clerk.md. The recipes
// beside the apps that they describe.
//
//   node tests/compat/table.mjs                   checks that the tables and the recipes say what the apps have and call
//   node tests/compat/table.mjs --write           writes the tables
//   node tests/compat/table.mjs --results FILE    prints which apps passed, after a run of Playwright
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const json = (name) => JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8'));
const apps = json('apps.json');
const clients = json('clients.json');
const called = json('called.json');
const readOf = (id) => (path) => readFileSync(join(import.meta.dirname, id, path), 'utf8');

/** The installed version of a package: that of the first of these lock files which has it. */
function versionIn(locks, name) {
  for (const lock of locks.filter((lock) => existsSync(lock))) {
    const text = readFileSync(lock, 'utf8');
    const version = lock.endsWith('.json')
      ? JSON.parse(text).packages[`node_modules/${name}`]?.version
      : new RegExp(`^${name}==(\\S+)$|^name = "${name}"\nversion = "(.*)"$`, 'im').exec(text)?.slice(1).find(Boolean);
    if (version) return version;
  }
  throw new assert.AssertionError({ message: `no lock file has ${name}: ${locks.join(', ')}` });
}

const versionOf = (id, name) =>
  versionIn(
    [`${id}/package-lock.json`, `${id}/requirements.txt`, 'Cargo.lock'].map((lock) => join(import.meta.dirname, lock)),
    name,
  );

const clientVersion = (name) =>
  versionIn(
    ['package-lock.json', 'tests/clients/python/requirements.txt', 'Cargo.lock'].map((lock) => join(root, lock)),
    name,
  );

/** How many operations of the two APIs a client has called with success: two cells. */
function counts(name) {
  assert(called[name], `tests/compat/called.json has no ${name}`);
  return ['frontend', 'backend'].map((api) => called[name][api].length || '').join(' | ');
}

/** How many operations all of them have called. */
function total(api) {
  return new Set(Object.values(called).flatMap((apis) => apis[api])).size;
}

/** What somebody wrote in the app's directory, and in the modules that it imports from beside it. */
function sourcesOf(id) {
  const generated = /^(node_modules|dist|__pycache__|\..*|.*lock.*)$/;
  const read = (directory) =>
    readdirSync(directory, { withFileTypes: true })
      .filter(({ name }) => !generated.test(name))
      .map((entry) => (entry.isDirectory() ? read : (path) => readFileSync(path, 'utf8'))(join(directory, entry.name)))
      .join('\n');
  const own = read(join(import.meta.dirname, id));
  return own.includes("from '../page.mjs'") ? own + readOf('.')('page.mjs') : own;
}

function row(id, { name, sdk, framework, calls }) {
  const sources = sourcesOf(id);
  for (const call of calls) {
    assert.match(sources, new RegExp(`\\b${call.replaceAll('.', '\\.')}\\b`), `tests/compat/${id} does not call ${call}`);
  }
  const uses = calls.map((call) => `\`${call}\``).join(', ');
  const built = framework ? `\`${framework}\` ${versionOf(id, framework)}` : '';
  return `| [${name}](${id}.md) | ${built} | \`${sdk}\` ${versionOf(id, sdk)} | ${uses} | ${counts(id)} |`;
}

function clientRow([name, { packages, uses }]) {
  const versions = packages.map((name) => `\`${name}\` ${clientVersion(name)}`).join(', ');
  return `| ${versions} | ${uses} | ${counts(name)} |`;
}

const lines = (...lines) => lines.map((line) => `${line}\n`).join('');

/** The generated part of each document. */
const tables = () => ({
  'docs/recipes/README.md': lines(
    '| app | framework | SDK | what it uses | Frontend API | Backend API |',
    '| --- | --- | --- | --- | --- | --- |',
    ...Object.entries(apps).map(([id, app]) => row(id, app)),
  ),
  'crates/local-clerk/docs/local-clerk.md': lines(
    '| client | what the tests use | Frontend API | Backend API |',
    '| --- | --- | --- | --- |',
    ...Object.entries(clients).map(clientRow),
    '',
    `All clients and apps together have called ${total('frontend')} operations of the Frontend API and ${total('backend')} of the Backend API.`,
  ),
});

/** Every block of a recipe that begins with the name of a file must be part of that file; every variable must be mentioned. */
function checkRecipe(id, { environment }, recipe) {
  const blocks = [...recipe.matchAll(/```\w+\n(?:\/\/|#|<!--) (\S+\.\w+)(?: -->)?\n(.*?)```/gs)];
  assert(blocks.length > 0, `docs/recipes/${id}.md shows no file of the app`);
  for (const [, path, text] of blocks) {
    assert(readOf(id)(path).includes(text.trimEnd()), `docs/recipes/${id}.md: this is not in tests/compat/${id}/${path}:\n${text}`);
  }
  for (const [name, value] of Object.entries(environment)) {
    if (!/TELEMETRY/.test(name)) assert(recipe.includes(`${name}=${value}`), `docs/recipes/${id}.md does not say ${name}=${value}`);
  }
}

function check() {
  assert.deepEqual(Object.keys(called), [...Object.keys(apps), ...Object.keys(clients)], 'tests/compat/called.json is of other clients');
  for (const [id, app] of Object.entries(apps)) {
    checkRecipe(id, app, readFileSync(join(root, `docs/recipes/${id}.md`), 'utf8'));
  }
  for (const [document, table] of Object.entries(tables())) {
    const text = readFileSync(join(root, document), 'utf8');
    const expected = text.replace(/(?<=<!-- table -->\n).*?(?=<!-- end -->)/s, () => table);
    assert(expected.includes(table), `${document} has no place for the table`);
    if (process.argv.includes('--write')) writeFileSync(join(root, document), expected);
    else assert.equal(text, expected, `${document} is out of date: run node tests/compat/table.mjs --write`);
  }
  // What is wrong must be found.
  const [[id, app]] = Object.entries(apps);
  assert.throws(() => row(id, { ...app, calls: ['useTomorrow'] }), /does not call useTomorrow/);
  assert.throws(() => counts('tomorrow'), /has no tomorrow/);
  assert.throws(() => checkRecipe(id, app, '```js\n// package.json\nnothing\n```'), /is not in/);
  console.log(`docs/recipes: ${Object.keys(apps).length} apps; local-clerk.md: ${Object.keys(clients).length} clients`);
}

function printResults(file) {
  const specs = JSON.parse(readFileSync(file, 'utf8')).suites.flatMap(({ specs }) => specs);
  const rows = specs.map(({ title, ok }) => {
    const id = title.split(' ').at(-1);
    const { name, sdk } = apps[id];
    return [title.replace(id, name), `${sdk} ${versionOf(id, sdk)}`, ok ? 'passed' : 'FAILED'];
  });
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   '));
}

const results = process.argv.indexOf('--results');
if (results > 0) printResults(process.argv[results + 1]);
else check();
