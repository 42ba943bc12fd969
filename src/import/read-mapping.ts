import { Compile } from 'typebox/compile';
import { parseDocument } from 'yaml';
import type { Fault } from '../contract/errors.ts';
import { checkStore } from './check-store.ts';
import { ImportError } from './import-error.ts';
import { mappingFaults } from './mapping-faults.ts';
import { fieldFaults, zoneFaults } from './mapping-fields.ts';
import { fileFaults } from './mapping-files.ts';
import { type Mapping, MappingSchema } from './mapping-schema.ts';

const checked = Compile(MappingSchema);

/** A mapping whose sections all name their file. */
export interface ReadMapping extends Mapping {
  readonly order: Mapping['order'] & { readonly from: string };
  readonly line?: NonNullable<Mapping['line']> & { readonly from: string };
}

/**
 * Reads a mapping from YAML text; `name` is what to call it in messages.
 *
 * @throws ImportError naming every mistake with its path and how to mend it
 */
export function readMapping(text: string, name: string): ReadMapping {
  const value = parse(text, name);
  if (!checked.Check(value)) {
    refuse(name, mappingFaults(MappingSchema, value, checked.Errors(value)));
    throw new ImportError(`${name} is not a mapping.`);
  }
  const mapping = withSections(value);
  refuse(name, [...fileFaults(mapping), ...fieldFaults(mapping), ...otherFaults(mapping)]);
  return mapping;
}

function parse(text: string, name: string): unknown {
  const document = parseDocument(text, { prettyErrors: true, stringKeys: true });
  const [error] = document.errors;
  if (error) throw new ImportError(`${name} is not valid YAML: ${error.message}`, { cause: error });
  const value: unknown = document.toJS();
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new ImportError(`${name} has no mapping in it: it needs at least source, files, order and line.`);
  }
  return value;
}

function refuse(name: string, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const count = faults.length === 1 ? 'a mistake' : `${faults.length} mistakes`;
  throw new ImportError(`The mapping ${name} has ${count}:`, { faults });
}

/** Where a section does not say from which file, there is but one, or the first is meant. */
function withSections(mapping: Mapping): ReadMapping {
  const [first = ''] = Object.keys(mapping.files);
  const from = mapping.order.from ?? first;
  const { line, ...rest } = mapping;
  return {
    ...rest,
    order: { ...mapping.order, from },
    ...(line && { line: { ...line, from: line.from ?? from } }),
  };
}

function otherFaults(mapping: ReadMapping): Fault[] {
  const stores = Array.isArray(mapping.stores) ? mapping.stores : [];
  return [
    ...zoneFaults('zone', mapping.zone),
    ...stores.flatMap((store, index) => checkStore(store).map((message) => ({ path: `stores.${index}`, message }))),
  ];
}
