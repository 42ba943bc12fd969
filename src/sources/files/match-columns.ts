import type { Fault } from '../../contract/errors.ts';
import { type ReferenceTable, SourceError } from '../source.ts';
import { fieldsOf } from './fields.ts';
import type { Column } from './layout.ts';

/**
 * Finds the column of each field that a file has; `Store ID` is `store_id`. Other columns are left alone.
 *
 * @throws SourceError of kind `shape` that names every column that is missing or there twice, and what the file has
 */
export function matchColumns(table: ReferenceTable, path: string, columns: readonly Column[]): Map<string, Column> {
  const found = new Map<string, Column>();
  const faults: Fault[] = [];
  for (const [field, { isNeeded }] of Object.entries(fieldsOf[table])) {
    const [column, second] = columns.filter(({ name }) => plain(name) === field);
    if (column) found.set(field, column);
    else if (isNeeded) faults.push({ path: field, message: 'is needed, and there is no such column.' });
    if (second) faults.push({ path: field, message: 'is there more than once.' });
  }
  if (faults.length === 0) return found;
  const expected = Object.keys(fieldsOf[table]).join(', ');
  const has = columns.map(({ name }) => name.trim()).join(', ') || 'none';
  throw new SourceError(`${path} has not the columns of ${table}. Expected: ${expected}. It has: ${has}.`, {
    kind: 'shape',
    faults,
  });
}

function plain(name: string): string {
  return name.trim().toLowerCase().replace(/\s+/g, '_');
}
