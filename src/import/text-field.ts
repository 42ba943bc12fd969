import type { Binder, Row } from './binder.ts';
import type { TextField } from './mapping-schema.ts';
import { Mistake } from './mistake.ts';

/** Reads the text of a field from a row; undefined where it is absent. */
export type ReadText = (row: Row) => string | undefined;

/** Takes the sentences that say what is wrong with a row. */
export type Note = (fault: string) => void;

/** Reads a field; what cannot be converted is noted and comes as it is written. */
export type ReadField<T> = (row: Row, note: Note) => T | string | undefined;

type Members = Exclude<TextField, string>;

/** Binds the text part of a field: where it comes from, extract, value table and default. */
export function bindText(field: TextField | Members, path: string, binder: Binder): ReadText {
  const spec: Members = typeof field === 'string' ? { column: field } : field;
  const source = bindSource(spec, path, binder);
  const steps = [...extractStep(spec), ...valuesStep(spec)];
  const fallback = spec.default === undefined ? undefined : String(spec.default);
  if (steps.length === 0 && fallback === undefined) return source;
  return (row) => {
    let text = source(row);
    for (const step of steps) text = text === undefined ? undefined : step(text);
    return text ?? fallback;
  };
}

/** Binds a field with a conversion. `label` is what faults call the field. */
export function bindField<T>(
  field: TextField | Members,
  path: string,
  binder: Binder,
  convert: (written: string, row: Row) => T | Mistake,
): ReadField<T> {
  const read = bindText(field, path, binder);
  const label = path.slice(path.indexOf('.') + 1);
  return (row, note) => {
    const written = read(row);
    if (written === undefined) return undefined;
    const value = convert(written, row);
    if (!(value instanceof Mistake)) return value;
    note(`${label} "${clip(written)}" ${value.message}`);
    return written;
  };
}

/** A text short enough to stand in a sentence. */
export function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function bindSource(spec: Members, path: string, binder: Binder): ReadText {
  const { column, columns, template, constant, optional } = spec;
  if (constant !== undefined) {
    const text = String(constant);
    return () => text;
  }
  if (template !== undefined) return bindTemplate(template, path, binder);
  const slots = (columns ?? [column ?? '']).map((name) => binder.slot(name, path, optional));
  const [only = -1] = slots;
  if (slots.length === 1) return (row) => row[only] ?? undefined;
  return (row) => {
    const texts = slots.flatMap((slot) => row[slot] ?? []);
    return texts.length === 0 ? undefined : texts.join(' ');
  };
}

function bindTemplate(template: string, path: string, binder: Binder): ReadText {
  const parts = template.split(/\{([^{}]+)\}/);
  const slots = parts.map((part, index) => (index % 2 === 1 ? binder.slot(part, path) : -1));
  return (row) => {
    let text = '';
    for (const [index, part] of parts.entries()) {
      const cell = index % 2 === 1 ? row[slots[index] ?? -1] : part;
      if (cell === null || cell === undefined) return undefined;
      text += cell;
    }
    return text;
  };
}

type Step = (text: string) => string | undefined;

function extractStep({ extract }: Members): Step[] {
  if (extract === undefined) return [];
  const pattern = new RegExp(extract, 'u');
  return [
    (text) => {
      const match = pattern.exec(text);
      const found = match ? (match.length > 1 ? match.slice(1).find((group) => group !== undefined) : match[0]) : '';
      return found?.trim() || undefined;
    },
  ];
}

function valuesStep({ values, otherwise }: Members): Step[] {
  if (values === undefined && otherwise === undefined) return [];
  const table = valueTable(values ?? {});
  return [(text) => table.get(text.toLowerCase()) ?? (otherwise === undefined ? text : String(otherwise))];
}

/** A value table to look up texts in lower case in. */
export function valueTable(values: Readonly<Record<string, string | number | boolean>>): Map<string, string> {
  return new Map(Object.entries(values).map(([written, meant]) => [written.trim().toLowerCase(), String(meant)]));
}

/** The references in a field, for those who need the columns rather than the value. */
export function referencesOf(field: TextField): string[] {
  if (typeof field === 'string') return [field];
  const inTemplate = [...(field.template ?? '').matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name ?? '');
  return [...(field.column === undefined ? [] : [field.column]), ...(field.columns ?? []), ...inTemplate];
}
