import type { Fault } from '../contract/errors.ts';
import type { FileSpec, Mapping } from './mapping-schema.ts';
import { didYouMean } from './nearest.ts';

const members = { name: /^[A-Za-z_][A-Za-z0-9_]*$/ };

/** What is wrong with the files of a mapping and how they are joined, apart from the names of columns. */
export function fileFaults(mapping: Mapping): Fault[] {
  const names = Object.keys(mapping.files);
  const sections = [
    ['order.from', mapping.order.from],
    ['line.from', mapping.line?.from],
    ['stores.from', Array.isArray(mapping.stores) ? undefined : mapping.stores?.from],
    ['line.toppings.from', toppingsFile(mapping)],
  ] as const;
  return [
    ...sections.flatMap(([path, file]) => (file === undefined ? [] : unknownFile(path, file, names))),
    ...Object.entries(mapping.files).flatMap(([name, spec]) => faultsOfFile(name, spec, names)),
    ...circleFaults(mapping.files),
  ];
}

/** The file a reference `file.column` names, if it names one. */
export function fileOfReference(reference: string): string {
  const dot = reference.indexOf('.');
  return dot < 0 ? reference : reference.slice(0, dot);
}

function toppingsFile({ line }: Mapping): string | undefined {
  return typeof line?.toppings === 'object' ? line.toppings.from : undefined;
}

function faultsOfFile(name: string, spec: FileSpec, names: readonly string[]): Fault[] {
  const path = `files.${name}`;
  const faults: Fault[] = [];
  if (!members.name.test(name)) {
    faults.push({ path, message: 'must be a name of letters, digits and underscores that no digit leads.' });
  }
  const targets = Object.entries(spec.join ?? {});
  for (const [own, other] of targets) faults.push(...faultsOfReference(`${path}.join.${own}`, other, names));
  if (new Set(targets.map(([, other]) => fileOfReference(other))).size > 1) {
    faults.push({ path: `${path}.join`, message: 'must name columns of one other file only.' });
  }
  if (spec.each !== undefined) {
    faults.push(...faultsOfReference(`${path}.each`, spec.each, names));
    if (spec.file !== undefined) {
      faults.push({ path: `${path}.file`, message: 'cannot stand beside each: the rows come from a column.' });
    }
  } else if (spec.separator !== undefined || spec.extract !== undefined) {
    faults.push({ path, message: 'separator and extract belong to a file with each.' });
  }
  return faults;
}

function faultsOfReference(path: string, reference: string, names: readonly string[]): Fault[] {
  if (!reference.includes('.')) {
    return [{ path, message: `"${reference}" must be file.column, where file is one of ${names.join(', ')}.` }];
  }
  return unknownFile(path, fileOfReference(reference), names);
}

function unknownFile(path: string, file: string, names: readonly string[]): Fault[] {
  if (names.includes(file)) return [];
  return [{ path, message: `"${file}" is not one of the files: ${names.join(', ')}.${didYouMean(file, names)}` }];
}

function circleFaults(files: Mapping['files']): Fault[] {
  return Object.keys(files).flatMap((name) => {
    const seen = new Set<string>();
    for (let at: string | undefined = name; at !== undefined; at = parentOf(files, at)) {
      if (seen.has(at)) return [{ path: `files.${name}.each`, message: 'runs in a circle.' }];
      seen.add(at);
    }
    return [];
  });
}

function parentOf(files: Mapping['files'], name: string): string | undefined {
  const each = files[name]?.each;
  return each === undefined ? undefined : fileOfReference(each);
}
