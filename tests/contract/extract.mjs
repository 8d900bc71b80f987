// Generates frontend.json and backend.json from Clerk's published OpenAPI files: the response schemas of every
// operation as JSON Schema, one operation or schema per line. Generates backend-requests.json likewise: the query
// parameters and the JSON body that an operation accepts. Generates crates/local-clerk/src/emulate/contract.txt, too: the
// API, the method and the path of every operation, by which the local Clerk tells what it lacks.
//
//   node tests/contract/extract.mjs frontend.yml backend.yml     (of github.com/clerk/openapi-specs)
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
/** Keywords that do not constrain values. Properties with such a name are kept. */
const ANNOTATIONS = /^(description|examples?|title|summary|deprecated|default|readOnly|discriminator|externalDocs|format|x-.*)$/;

const [, , ...files] = process.argv;
const contract = [];
for (const [index, name] of ['frontend', 'backend'].entries()) {
  const { paths, components } = parse(readFileSync(files[index], 'utf8'));
  const resolve = (node) => (node?.$ref ? node.$ref.split('/').slice(2).reduce((at, key) => at[key], components) : node);

  /** Converts OpenAPI 3.0 to JSON Schema: drops annotations, turns `nullable` into a type and `allOf` of objects into one object. */
  function schema(node) {
    const { nullable, properties, allOf, ...rest } = node;
    let made = {};
    for (const [key, value] of Object.entries(rest)) {
      if (ANNOTATIONS.test(key)) continue;
      if (Array.isArray(value) && ['oneOf', 'anyOf'].includes(key)) made[key] = value.map(schema);
      else made[key] = ['items', 'additionalProperties'].includes(key) && value === Object(value) ? schema(value) : value;
    }
    if (made.$ref) made = { $ref: made.$ref.replace('#/components/schemas/', '#/schemas/') };
    if (properties) made.properties = mapValues(properties, schema);
    if (allOf) made = allOf.length === 1 && !properties ? schema(allOf[0]) : merged([...allOf, { properties, ...rest }]);
    return nullable ? { anyOf: [{ type: 'null' }, made] } : made;
  }

  /** Merges the parts of one object. `additionalProperties: false` in one part refers to the properties of all parts. */
  function merged(parts) {
    const whole = { type: 'object', properties: {}, required: [] };
    for (const part of parts.map(resolve)) {
      const made = part.allOf ? merged([...part.allOf, { ...part, allOf: undefined }]) : schema(part);
      Object.assign(whole.properties, made.properties);
      whole.required.push(...(made.required ?? []));
      if (made.additionalProperties !== undefined) whole.additionalProperties = made.additionalProperties;
    }
    return whole;
  }

  /** The query parameters of an operation as the properties of one object, and the schema of its JSON body. */
  function requested({ parameters = [], requestBody }) {
    const query = parameters.map(resolve).filter((parameter) => parameter.in === 'query');
    const body = resolve(requestBody)?.content?.['application/json']?.schema;
    return {
      query: query.length ? schema({ properties: Object.fromEntries(query.map((at) => [at.name, at.schema])) }) : undefined,
      body: body ? schema(resolve(body)) : undefined,
    };
  }

  const operations = {};
  const requests = {};
  for (const [path, item] of Object.entries(paths)) {
    for (const method of METHODS.filter((method) => item[method])) {
      operations[`${method.toUpperCase()} ${path}`] = mapValues(item[method].responses, (response) => {
        const content = resolve(response).content?.['application/json'];
        return content?.schema ? schema(content.schema) : null;
      });
      requests[`${method.toUpperCase()} ${path}`] = requested(item[method]);
    }
  }
  const lines = (values) => Object.entries(values).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const block = (values) => `{\n${lines(values).join(',\n')}\n}`;
  writeFileSync(
    new URL(`${name}.json`, import.meta.url),
    `{"operations": ${block(operations)},\n"schemas": ${block(mapValues(components.schemas, schema))}}\n`,
  );
  for (const operation of Object.keys(operations)) {
    const [method, path] = operation.split(' ');
    // The server of the Backend API is https://api.clerk.com/v1.
    contract.push(`${name} ${method} ${name === 'backend' ? '/v1' : ''}${path}\n`);
  }
  if (name === 'backend') {
    writeFileSync(new URL('backend-requests.json', import.meta.url), `{"operations": ${block(requests)}}\n`);
  }
}
writeFileSync(new URL('../../crates/local-clerk/src/emulate/contract.txt', import.meta.url), contract.join(''));

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
