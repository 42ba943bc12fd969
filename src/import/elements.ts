import { cellText, type JsonValue, parseLiteral } from './json-value.ts';
import type { FileSpec } from './mapping-schema.ts';

/** An element of a list in a column. */
export interface Element {
  readonly value: unknown;
  readonly raw: string;
  readonly fault: string | undefined;
}

/**
 * The elements of a list that stands in one column: JSON, or text with a separator. With `extract` the named groups
 * of the expression become the columns of an element; an element that it does not fit has a fault.
 */
export function elementsOf(list: unknown, spec: FileSpec): Element[] {
  if (list === null || list === undefined || list === '') return [];
  const values = typeof list === 'string' ? listOf(list, spec.separator) : Array.isArray(list) ? list : [list];
  if (values === undefined) return [{ value: null, raw: String(list), fault: 'is not a JSON list; give a separator' }];
  const pattern = spec.extract === undefined ? undefined : new RegExp(spec.extract, 'u');
  return values.map((value) => elementOf(value, pattern));
}

function elementOf(value: unknown, pattern: RegExp | undefined): Element {
  const raw = cellText(value) ?? '';
  if (!pattern) return { value, raw, fault: undefined };
  const match = pattern.exec(raw);
  if (!match) return { value: null, raw, fault: `"${raw}" does not fit the extract of its file in the mapping` };
  return { value: { ...match.groups }, raw, fault: undefined };
}

function listOf(text: string, separator: string | undefined): JsonValue[] | undefined {
  if (separator !== undefined) {
    return text
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }
  const value = parseLiteral(text);
  return value === undefined ? undefined : Array.isArray(value) ? value : [value];
}
