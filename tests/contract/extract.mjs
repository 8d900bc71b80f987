// Generates frontend.json and backend.json from Clerk's published OpenAPI files: the response schemas of every
// operation as JSON Schema, one operation or schema per line. Generates backend-requests.json likewise: the query
// parameters and the JSON body that an operation accepts. Generates crates/local-clerk/src/emulate/contract.txt, too: the
// API, the method and the path of every operation, by which the local Clerk tells what it lacks; and
// crates/local-clerk/src/http/fields.txt: the parameters of every operation, by which it checks requests.
//
//   node tests/contract/extract.mjs frontend.yml backend.yml     (of github.com/clerk/openapi-specs)
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
/** Keywords that do not constrain values. Properties with such a name are kept. */
const ANNOTATIONS = /^(description|examples?|title|summary|deprecated|default|readOnly|discriminator|externalDocs|format|x-.*)$/;

const [, , ...files] = process.argv;
const contract = [];
const fields = [];
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

  /** The type of a parameter, with the values or the numbers that are allowed: `string(a|b)`, `integer(1..500)`. */
  function type(node) {
    const { type: name, enum: values = [], items, minimum = '', maximum = '' } = resolve(node);
    if (name === 'array' && resolve(items).type === 'string') return type(items).replace('string', 'strings');
    if (name === 'string' && values.length) return `string(${values.filter(Boolean).join('|')})`;
    if (['integer', 'number'].includes(name)) return minimum || maximum || minimum === 0 ? `integer(${minimum}..${maximum})` : 'integer';
    return ['string', 'boolean'].includes(name) ? name : 'any';
  }

  /** The parameters of an operation as words, and `closed` if its body may have no others. Those in the query begin with `?`. */
  function words({ parameters = [], requestBody }) {
    const query = parameters.map(resolve).filter((parameter) => parameter.in === 'query');
    const content = resolve(requestBody)?.content ?? {};
    const body = resolve((content['application/json'] ?? content['application/x-www-form-urlencoded'])?.schema) ?? {};
    const item = body.type === 'array' ? resolve(body.items) : body;
    const parts = item.allOf?.map(resolve) ?? [item];
    const properties = Object.assign({}, ...parts.map((part) => part.properties));
    return [
      ...(parts.some((part) => part.additionalProperties === false) ? ['closed'] : []),
      ...query.map((parameter) => `?${parameter.name}:${type(parameter.schema)}`),
      ...Object.entries(properties).map(([property, node]) => `${property}:${type(node)}`),
    ];
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
      const found = words(item[method]);
      // The server of the Backend API is https://api.clerk.com/v1.
      const route = `${name} ${method.toUpperCase()} ${name === 'backend' ? '/v1' : ''}${path}`;
      contract.push(`${route}\n`);
      if (found.length) fields.push(`${[route, ...found].join(' ')}\n`);
    }
  }
  const lines = (values) => Object.entries(values).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const block = (values) => `{\n${lines(values).join(',\n')}\n}`;
  writeFileSync(
    new URL(`${name}.json`, import.meta.url),
    `{"operations": ${block(operations)},\n"schemas": ${block(mapValues(components.schemas, schema))}}\n`,
  );
  if (name === 'backend') {
    writeFileSync(new URL('backend-requests.json', import.meta.url), `{"operations": ${block(requests)}}\n`);
  }
}
const sources = new URL('../../crates/local-clerk/src/', import.meta.url);
writeFileSync(new URL('emulate/contract.txt', sources), contract.join(''));
writeFileSync(new URL('http/fields.txt', sources), fields.join(''));

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
