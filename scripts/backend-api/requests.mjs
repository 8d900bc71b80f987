// Rust source of the calls and of what they send.
import { withoutNull } from './model.mjs';
import { HEADER, comment, identifier, snake } from './rust.mjs';
import { fieldWords } from './words.mjs';

/** Sent by every list that would otherwise come without a total. */
const PAGINATED = 'paginated';

const segments = (operation) => operation.split(' ')[1].slice(1).split('/');
const pathArguments = (operation) =>
  segments(operation).filter((segment) => segment.startsWith('{')).map((segment) => snake(segment.slice(1, -1)).replace('apikey_id', 'api_key_id'));

/** The fields that a call sends, of its query or its body. */
function sentFields(model, [, operation, , , options = {}]) {
  const { query, body } = model.request(operation);
  const schema = body?.type === 'array' ? body.items : body;
  const fields = schema ? schema.properties : query;
  const required = schema?.required ?? [];
  const owner = options.params ?? options.items;
  return Object.entries(fields ?? {})
    .filter(([name]) => name !== PAGINATED)
    .map(([name, at]) => ({
      name,
      type: model.sent(owner, name, at),
      required: required.includes(name),
      clear: options.clear?.includes(name),
    }));
}

/** The structs that callers fill in, by resource. */
export function requestStructs(model, resources) {
  const made = new Set();
  const files = new Map();
  for (const { name, handle, calls } of resources) {
    for (const call of calls) {
      const owner = call[4]?.params ?? call[4]?.items;
      if (!owner || made.has(owner)) continue;
      made.add(owner);
      // The filters of users alone would fill a file.
      const file = name === 'users' && !model.request(call[1]).body ? 'users_lists' : name;
      files.set(file, [...(files.get(file) ?? []), requestStruct(model, owner, call, handle)]);
    }
  }
  // The names of enums are known once every call has been seen.
  for (const { calls } of resources) for (const [, operation, type] of calls) model.result(operation, type);
  return new Map(
    [...files].map(([name, structs]) => [name, `${HEADER}use super::super::prelude::*;\n\n${structs.map((make) => make()).join('\n')}`]),
  );
}

function requestStruct(model, owner, call, handle) {
  const fields = sentFields(model, call);
  return () => {
    const required = fields.filter((field) => field.required);
    const lines = fields.map((field) => {
      const type = rustType(model, field);
      const attributes = [];
      if (type.startsWith('Option<')) attributes.push('skip_serializing_if = "Option::is_none"');
      if (type.startsWith('Nullable<')) attributes.push('skip_serializing_if = "Nullable::is_unchanged"');
      if (type.startsWith('Vec<') && !field.required) attributes.push('skip_serializing_if = "Vec::is_empty"');
      if (type.includes('SecretString')) attributes.push(`serialize_with = "${type.startsWith('Vec<') ? 'expose_all' : 'expose_some'}"`);
      const ident = identifier(field.name);
      if (ident !== field.name) attributes.unshift(`rename = "${field.name}"`);
      const serde = attributes.length ? `    #[serde(${attributes.join(', ')})]\n` : '';
      return `${comment(fieldWords(owner, field.name), '    ')}${serde}    pub ${ident}: ${type},\n`;
    });
    const derives = ['Clone', 'Debug', ...(required.length ? [] : ['Default']), 'Serialize'];
    const method = `[\`${handle}::${call[0]}\`](crate::api::${handle}::${call[0]})`;
    const usage = required.length
      ? `Create it with [\`${owner}::new\`] and fill in what else to send: \`${owner} { …, ..${owner}::new(…) }\`.`
      : `Fill in what to send: \`${owner} { …, ..${owner}::default() }\`.`;
    const head = `/// What ${method} sends. ${usage}\n#[derive(${derives.join(', ')})]\npub struct ${owner} {\n${lines.join('')}}\n`;
    return required.length ? head + constructor(model, owner, fields) : head;
  };
}

function constructor(model, owner, fields) {
  const required = fields.filter((field) => field.required);
  const arguments_ = required.map((field) => `${identifier(field.name)}: ${intoType(rustType(model, field))}`).join(', ');
  const values = fields.map((field) => {
    const ident = identifier(field.name);
    if (!field.required) return `${ident}: Default::default(),\n`;
    return intoType(rustType(model, field)).startsWith('impl Into') ? `${ident}: ${ident}.into(),\n` : `${ident},\n`;
  });
  return `\nimpl ${owner} {\n/// Creates the parameters with what is required.\n#[must_use]\npub fn new(${arguments_}) -> Self {\nSelf {\n${values.join('')}}\n}\n}\n`;
}

const intoType = (type) => (type === 'String' || type === 'SecretString' ? `impl Into<${type}>` : type);

function rustType(model, { type, required, clear }) {
  const named = model.named(type);
  if (clear) return `Nullable<${named}>`;
  return required || named.startsWith('Vec<') ? named : `Option<${named}>`;
}

/** The handles with their methods, by resource. */
export function handles(model, resources) {
  const files = new Map();
  for (const resource of resources) {
    const methods = resource.calls.map((call) => method(model, call)).join('\n');
    const uses = 'use super::super::prelude::*;\n';
    const handle = `${comment(`${resource.doc} See [\`BackendApi::${resource.name}\`].`)}#[derive(Clone, Copy, Debug)]\npub struct ${resource.handle}<'a>(&'a BackendApi);\n`;
    const entry = `impl BackendApi {\n${comment(resource.doc)}#[must_use]\npub fn ${resource.name}(&self) -> ${resource.handle}<'_> {\n${resource.handle}(self)\n}\n}\n`;
    files.set(resource.name, `${HEADER}${uses}\n${handle}\n${entry}\nimpl ${resource.handle}<'_> {\n${methods}}\n`);
  }
  return files;
}

function method(model, call) {
  const [name, operation, result, words, options = {}] = call;
  const [verb] = operation.split(' ');
  const owner = options.params ?? options.items;
  const { query, body } = model.request(operation);
  const path = pathArguments(operation);
  const direct = owner || !body ? [] : sentFields(model, call);
  for (const field of direct) if (!field.required) throw new Error(`${operation}: ${field.name} is optional`);
  const parameters = ['&self', ...path.map((argument) => `${argument}: &str`)];
  if (options.params) parameters.push(`params: &${owner}`);
  if (options.items) parameters.push(`params: &[${owner}]`);
  for (const field of direct) parameters.push(`${identifier(field.name)}: ${argumentType(model.named(field.type))}`);

  const url = segments(operation).map((segment) => (segment.startsWith('{') ? path[pathIndex(operation, segment)] : `"${segment}"`));
  let builder = `self.0.request(Method::${verb}, &[${url.join(', ')}])`;
  if (PAGINATED in query) builder += `.query(&PAGINATED)`;
  if (options.params && !body) builder += '.query(params)';
  if (owner && body) builder += '.json(params)';
  if (direct.length) builder += `.json(&json!({${direct.map((field) => `"${field.name}": ${argumentValue(field)}`).join(', ')}}))`;
  const send = options.count
    ? `let list = ${builder}.send::<Page<_>>();\nlet count = self.0.request(Method::GET, &[${options.count.split('/').map((part) => `"${part}"`).join(', ')}]).query(params).send::<TotalCount>();\nlet (mut page, count) = tokio::try_join!(list, count)?;\npage.total_count = count.total_count;\nOk(page)`
    : `${builder}.send().await`;
  const docs = `${comment(words)}///\n/// \`${operation}\`\n///\n/// # Errors\n///\n/// See [\`ApiError\`].\n`;
  return `${docs}pub async fn ${name}(${parameters.join(', ')}) -> Result<${result}, ApiError> {\n${send}\n}\n`;
}

const pathIndex = (operation, segment) => segments(operation).filter((at) => at.startsWith('{')).indexOf(segment);
const argumentType = (type) => ({ String: '&str', SecretString: '&SecretString' })[type] ?? (type.startsWith('Vec<') ? `&[${type.slice(4, -1)}]` : type);
const argumentValue = ({ name, type }) => (type === 'SecretString' ? `${identifier(name)}.expose_secret()` : identifier(name));

/** The list of the calls, and a function that makes them, for tests. */
export function testCalls(model, resources) {
  const arms = [];
  const names = [];
  for (const { name: resource, calls } of resources) {
    for (const call of calls) {
      const [name, operation, , , options = {}] = call;
      const owner = options.params ?? options.items;
      const values = pathArguments(operation).map(() => '"x_1"');
      const struct = () => {
        const required = sentFields(model, call).filter((field) => field.required);
        return required.length ? `${owner}::new(${required.map((field) => sample(rustType(model, field))).join(', ')})` : `${owner}::default()`;
      };
      if (options.params) values.push(`&${struct()}`);
      if (options.items) values.push(`&[${struct()}]`);
      if (!owner && model.request(operation).body) {
        for (const field of sentFields(model, call)) values.push(argumentSample(argumentType(model.named(field.type))));
      }
      names.push(`("${resource}.${name}", "${operation}")`);
      arms.push(`"${resource}.${name}" => { api.${resource}().${name}(${values.join(', ')}).await?; }`);
    }
  }
  return new Map([
    ['operations.rs', `${HEADER}//! The calls of the client, and the operations that they make.\n\npub(crate) const CALLS: &[(&str, &str)] = &[\n${names.join(',\n')},\n];\n`],
    ['calls.rs', `${HEADER}//! Makes every call of the client, with the least that it can send.\n\nuse clerk_auth::{ApiError, BackendApi, api::*};\n\npub(crate) async fn call(api: &BackendApi, name: &str) -> Result<(), ApiError> {\nmatch name {\n${arms.join('\n')}\nunknown => panic!("no call {unknown}"),\n}\nOk(())\n}\n`],
  ]);
}

const sample = (type) => ({ String: '"x"', SecretString: '"x"', i64: '1', bool: 'true', Metadata: 'Metadata::new()' })[type] ?? 'Default::default()';
const argumentSample = (type) => ({ '&str': '"x"', '&SecretString': '&"x".into()' })[type] ?? (type.startsWith('&[') ? '&[]' : sample(type));
