// The compatibility table of docs/recipes/README.md, and the recipes beside the apps that they describe.
//
//   node tests/compat/table.mjs                   checks that the table and the recipes say what the apps have
//   node tests/compat/table.mjs --write           writes the table
//   node tests/compat/table.mjs --results FILE    prints which apps passed, after a run of Playwright
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const index = join(root, 'docs/recipes/README.md');
const apps = JSON.parse(readFileSync(join(import.meta.dirname, 'apps.json'), 'utf8'));
const readOf = (id) => (path) => readFileSync(join(import.meta.dirname, id, path), 'utf8');

/** The installed version of a package: that of the app's lock file. */
function versionOf(id, name) {
  const read = readOf(id);
  const version = existsSync(join(import.meta.dirname, id, 'package-lock.json'))
    ? JSON.parse(read('package-lock.json')).packages[`node_modules/${name}`]?.version
    : new RegExp(`^${name}==(\\S+)$`, 'im').exec(read('requirements.txt'))?.[1];
  assert(version, `the lock file of tests/compat/${id} has no ${name}`);
  return version;
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
  const called = calls.map((call) => `\`${call}\``).join(', ');
  return `| [${name}](${id}.md) | \`${framework}\` ${versionOf(id, framework)} | \`${sdk}\` ${versionOf(id, sdk)} | ${called} |`;
}

const table = () =>
  ['| app | framework | Clerk\'s SDK | what it calls |', '| --- | --- | --- | --- |', ...Object.entries(apps).map(([id, app]) => row(id, app))]
    .map((line) => `${line}\n`)
    .join('');

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
  for (const [id, app] of Object.entries(apps)) {
    checkRecipe(id, app, readFileSync(join(root, `docs/recipes/${id}.md`), 'utf8'));
  }
  const text = readFileSync(index, 'utf8');
  const expected = text.replace(/(?<=<!-- table -->\n).*?(?=<!-- end -->)/s, table());
  assert(expected.includes(table()), 'docs/recipes/README.md has no place for the table');
  if (process.argv.includes('--write')) writeFileSync(index, expected);
  else assert.equal(text, expected, 'docs/recipes/README.md is out of date: run node tests/compat/table.mjs --write');
  // What is wrong must be found.
  const [[id, app]] = Object.entries(apps);
  assert.throws(() => row(id, { ...app, calls: ['useTomorrow'] }), /does not call useTomorrow/);
  assert.throws(() => checkRecipe(id, app, '```js\n// package.json\nnothing\n```'), /is not in/);
  console.log(`docs/recipes: ${Object.keys(apps).length} apps`);
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
