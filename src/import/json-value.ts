import type { SourceRow } from './source-row.ts';

/** A JSON value. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [member: string]: JsonValue };

const stringOrLongNumber = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

/**
 * Parses JSON; whole numbers of 16 digits and more, which floating point would change, become texts of their digits.
 *
 * @throws SyntaxError when it is not JSON
 */
export function parseJson(text: string): JsonValue {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(text.replace(stringOrLongNumber, (found) => (found.startsWith('"') ? found : `"${found}"`)));
}

/** A row of JSON, with a fault where it is no object. */
export function jsonRow(raw: string, row: number): SourceRow {
  try {
    const value = parseJson(raw);
    const object = value !== null && typeof value === 'object' && !Array.isArray(value);
    return { row, raw, value, fault: object ? undefined : 'is not a JSON object' };
  } catch (error) {
    return { row, raw, value: null, fault: `is not valid JSON: ${error instanceof Error ? error.message : error}` };
  }
}

/** The value at a path such as `deliver.address.city`; a member whose own name has dots in it comes first. */
export function memberAt(value: unknown, path: string): unknown {
  if (value === null || typeof value !== 'object') return path === 'value' ? value : undefined;
  const object = value as Record<string, unknown>;
  if (Object.hasOwn(object, path)) return object[path];
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const member = path.slice(0, dot);
    if (Object.hasOwn(object, member)) return memberAt(object[member], path.slice(dot + 1));
  }
  return undefined;
}

/** The text of a JSON value as a cell: lists and objects as JSON, null where there is nothing. */
export function cellText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The paths of all members of a value, objects within objects included. */
export function memberPaths(value: unknown, depth = 4): string[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([member, inner]) => [
    member,
    ...(depth > 0 ? memberPaths(inner, depth - 1).map((path) => `${member}.${path}`) : []),
  ]);
}

/** Parses JSON, or a list or dictionary as Python prints it; undefined if it is neither. */
export function parseLiteral(text: string): JsonValue | undefined {
  for (const candidate of [text, fromPython(text)]) {
    try {
      return parseJson(candidate);
    } catch {}
  }
  return undefined;
}

const pythonWords: Readonly<Record<string, string>> = { None: 'null', True: 'true', False: 'false' };

function fromPython(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|'((?:[^'\\]|\\.)*)'|\b(?:None|True|False)\b/g, (found, inner) => {
    if (inner === undefined) return pythonWords[found] ?? found;
    return JSON.stringify(inner.replace(/\\(.)/g, '$1'));
  });
}
