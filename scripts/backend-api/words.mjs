// The documentation of what is generated.
import { FIELDS, FILTERS, TYPES } from './glossary.mjs';

export function typeWords(name) {
  return TYPES[name] ?? missing(`type ${name}`);
}

/** What a field means: as a filter of a list, in its type, or anywhere. */
export function fieldWords(owner, field) {
  const isFilter = /^(List|Count)/.test(owner);
  const words = FIELDS[`${owner}.${field}`] ?? (isFilter ? FILTERS[field] : undefined) ?? FIELDS[field];
  return words ?? missing(`field ${owner}.${field}`);
}

function missing(what) {
  throw new Error(`glossary.mjs says nothing about the ${what}`);
}
