// The types of the contract: named, merged and translated to Rust.
import { ENUMS, PRESENT, SAME_ENUM, SECRETS, TYPES, VARIANT, WEBHOOK_TYPES } from './names.mjs';
import { pascal } from './rust.mjs';

const METADATA = 'Metadata';

export class Model {
  #schemas;
  #operations;
  #requests;
  /** Types by their name in Rust: their sources in the contract, from which their fields are derived. */
  #types = new Map();
  #enums = new Map();
  #usedEnums = new Set();

  constructor({ schemas, operations }, requests) {
    this.#schemas = schemas;
    this.#operations = operations;
    this.#requests = requests.operations;
    for (const name of WEBHOOK_TYPES) this.#add(name, { $ref: `#/schemas/${name}` });
  }

  /** The query and the body of an operation. */
  request(operation) {
    const { query, body } = this.#requests[operation] ?? fail(`no operation ${operation}`);
    return { query: query?.properties ?? {}, body };
  }

  /** Registers what an operation returns under a name such as `User` or `Page<User>`. */
  result(operation, type) {
    const replies = this.#operations[operation];
    const status = Object.keys(replies).find((code) => code.startsWith('2'));
    const [, wrapper, name] = type.match(/^(?:(Page|Vec)<)?(\w+)>?$/);
    let schema = this.#resolve(replies[status]);
    if (wrapper) {
      const list = schema.type === 'array' ? schema : (schema.properties.data ?? schema.properties.m2m_tokens);
      schema = list.items;
    } else if (replies[status].$ref) schema = replies[status];
    this.#add(name, schema);
  }

  #resolve(schema) {
    if (!schema.$ref) return schema;
    return this.#resolve(this.#schemas[schema.$ref.split('/').pop()]);
  }

  #add(name, schema) {
    const sources = this.#types.get(name) ?? new Map();
    this.#types.set(name, sources);
    const source = schema.$ref?.split('/').pop() ?? JSON.stringify(schema);
    if (sources.has(source)) return;
    const whole = withoutNull(this.#resolve(schema)).schema;
    const isVariant = VARIANT.test(source);
    sources.set(source, { ...whole, isVariant });
    if (isVariant) return;
    for (const [field, at] of Object.entries(whole.properties ?? {})) this.#type(name, field, at);
  }

  /** The Rust type of a field, not regarding whether it may be missing. Registers the types that it refers to. */
  #type(owner, field, at) {
    if (field === 'object') return 'String';
    const same = SAME_ENUM[`${owner}.${field}`];
    if (same) return `enum ${same}`;
    const { schema } = withoutNull(at);
    if (schema.$ref) {
      const target = schema.$ref.split('/').pop();
      const resolved = withoutNull(this.#schemas[target]).schema;
      if (resolved.type === 'object' && resolved.properties) {
        const base = target.replace(VARIANT, '');
        const name = TYPES[base] ?? (base.startsWith('verification_') ? 'Verification' : pascal(base));
        this.#add(name, schema);
        return name;
      }
      return this.#type(owner, field, resolved);
    }
    if (schema.oneOf) {
      const names = schema.oneOf.map((one) => this.#type(owner, field, one));
      return names[0];
    }
    if (schema.type === 'array') return `Vec<${this.#type(owner, singular(field), schema.items)}>`;
    if (schema.type === 'string' && SECRETS.has(`${owner}.${field}`)) return 'SecretString';
    if (schema.enum?.join() === 'true,false') return 'bool';
    if (schema.type === 'string' && schema.enum) return this.#enum(owner, field, schema.enum);
    if (schema.type === 'object' && schema.properties) {
      const name = owner + pascal(field);
      this.#add(name, schema);
      return name;
    }
    return { string: 'String', integer: 'i64', number: /percent/.test(field) ? 'f64' : 'i64', boolean: 'bool', object: METADATA }[schema.type] ?? 'Value';
  }

  /** The type of a field that a caller sends. */
  sent(owner, field, at) {
    const { schema } = withoutNull(at);
    if (SECRETS.has(field)) return schema.type === 'array' ? 'Vec<SecretString>' : 'SecretString';
    return schema.type === 'object' ? METADATA : this.#type(owner, field, at);
  }

  /** The name of the enum with these values. Values of the same field in several schemas are those of one enum. */
  #enum(owner, field, values) {
    const key = `${owner}.${field}`;
    const known = new Set([...(this.#enums.get(key) ?? []), ...values]);
    this.#enums.set(key, known);
    return `enum ${key}`;
  }

  /** The name of an enum, once all of its values are known. */
  enumName(reference) {
    const key = reference.slice('enum '.length);
    const values = this.#enums.get(key);
    const id = [...values].toSorted().join();
    const [first] = [...this.#enums].find(([, other]) => [...other].toSorted().join() === id);
    const name = ENUMS[id] ?? first.split('.').map(pascal).join('');
    this.#usedEnums.add(name);
    return name;
  }

  named(type) {
    return type.replace(/enum (\w+\.\w+)/, (reference) => this.enumName(reference));
  }

  /** Every type with its fields or values, in the order of their names. */
  items() {
    const items = [...this.#types].map(([name, sources]) => ({ name, fields: this.#fields(name, [...sources.values()]) }));
    const used = new Set(this.#usedEnums);
    const enums = new Map();
    for (const [key, values] of this.#enums) {
      const name = this.enumName(`enum ${key}`);
      if (used.has(name)) enums.set(name, new Set([...(enums.get(name) ?? []), ...values]));
    }
    return [...items, ...[...enums].map(([name, values]) => ({ name, values: [...values] }))].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  #fields(name, sources) {
    const main = sources.filter((source) => !source.isVariant);
    const fields = new Map();
    for (const source of main) {
      for (const [field, at] of Object.entries(source.properties)) {
        const type = this.#type(name, field, at);
        const optional = withoutNull(at).isNullable || !source.required?.includes(field);
        const known = fields.get(field);
        if (known && known.type !== type) {
          // One of several kinds says more than the others.
          known.type = [known.type, type].includes('String') ? 'String' : known.type;
        }
        if (known) known.optional ||= optional;
        else fields.set(field, { name: field, type, optional });
      }
    }
    const everywhere = (field) => main.every((source) => source.properties[field]);
    // What kind of object something is says its type.
    const told = [...fields.values()].filter((field) => field.name !== 'object' || name === 'DeletedObject');
    return told.map(({ name: field, type, optional }) => {
      const named = this.named(type);
      const hasEmptyValue = field === 'id' || /^(Vec<|bool$|Metadata$)/.test(named);
      const isOptional = (optional || !everywhere(field)) && !hasEmptyValue && !PRESENT.has(`${name}.${field}`);
      return { name: field, type: isOptional ? `Option<${named}>` : named, strict: field === 'id' && !optional && everywhere(field) };
    });
  }
}

/** A schema without the alternative null. */
export function withoutNull(schema) {
  const isNull = (one) => one.type === 'null';
  if (!schema.anyOf?.some(isNull)) return { schema, isNullable: false };
  const { anyOf, ...rest } = schema;
  const others = anyOf.filter((one) => !isNull(one));
  return { schema: others.length === 1 ? withoutNull(others[0]).schema : { ...rest, oneOf: others }, isNullable: true };
}

const singular = (name) => name.replace(/ies$/, 'y').replace(/([^su])s$/, '$1');

function fail(message) {
  throw new Error(message);
}
