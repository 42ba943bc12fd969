import type { Fault } from '../../contract/errors.ts';
import { type ReferenceTable, SourceError, type Watermark } from '../source.ts';
import { entities } from './entities.ts';
import type { Section } from './mapping-schema.ts';
import type { TableShape } from './table-shape.ts';

interface Basis {
  readonly table: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly watermark: string | null;
  readonly zone: string | null;
}

/**
 * What a table is read from, as text, to compare with the last read: from other columns, rows that have not changed
 * make other records.
 */
export function basisOf({ table, columns, watermark }: TableShape, zone: string | undefined): string {
  const basis: Basis = {
    table,
    columns: Object.fromEntries([...columns].map(([field, { name }]) => [field, name])),
    watermark: watermark?.name ?? null,
    zone: zone ?? null,
  };
  return JSON.stringify(basis);
}

/**
 * Refuses to go on when a column that was read before is gone and the mapping does not say so: its field would become
 * empty for everybody.
 *
 * @throws SourceError of kind `shape`
 */
export function refuseLostColumns(
  table: ReferenceTable,
  shape: TableShape,
  section: Section,
  since: Watermark | null,
): void {
  const before = readBasis(since);
  if (before?.table !== shape.table) return;
  const faults: Fault[] = [];
  for (const [field, column] of Object.entries(before.columns)) {
    const isMeant = section.columns?.[field] === false || !Object.hasOwn(entities[table].fields, field);
    if (isMeant || shape.columns.has(field)) continue;
    const message = `column \`${column}\` was read before and is gone; say where it is, or \`${field}: false\`.`;
    faults.push({ path: field, message });
  }
  if (faults.length === 0) return;
  throw new SourceError(`The table \`${shape.table}\` of ${table} has changed. ${shape.has}`, {
    kind: 'shape',
    faults,
  });
}

function readBasis(since: Watermark | null): Basis | undefined {
  try {
    const basis = JSON.parse(since?.basis ?? 'null') as Basis | null;
    return basis !== null && typeof basis.columns === 'object' ? basis : undefined;
  } catch {
    return undefined;
  }
}
