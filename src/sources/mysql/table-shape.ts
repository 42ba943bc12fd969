import type { Fault } from '../../contract/errors.ts';
import { type ReferenceTable, SourceError } from '../source.ts';
import { entities } from './entities.ts';
import type { Section } from './mapping-schema.ts';
import type { Session } from './session.ts';

/** A column as it really is called, and its type without length. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

/** Which columns of which table are read for what. */
export interface TableShape {
  readonly table: string;
  readonly key: Column;
  /** By field, the key among them. */
  readonly columns: ReadonlyMap<string, Column>;
  readonly watermark: Column | undefined;
  /** Whether no two rows have the same key, so that one can be read after the other. */
  readonly hasUniqueKey: boolean;
  /** A sentence with all the columns there are, for messages. */
  readonly has: string;
}

const keyTypes = /^(char|varchar|(tiny|medium|long)?text|(tiny|small|medium|big)?int|decimal|uuid)$/;
const fieldTypes =
  /^(char|varchar|(tiny|medium|long)?text|(tiny|small|medium|big)?int|decimal|uuid|enum|float|double|year)$/;
const watermarkTypes = /^(timestamp|datetime|date)$/;

/**
 * Finds the columns that a section of the mapping asks for.
 *
 * @throws SourceError of kind `shape`, naming everything that is not there and what is
 */
export async function findShape(session: Session, table: ReferenceTable, section: Section): Promise<TableShape> {
  const entity = entities[table];
  const { name, columns: there } = await findTable(session, table, section.table ?? table);
  const faults: Fault[] = [];
  const columns = new Map<string, Column>();
  for (const [field, { isExpected }] of Object.entries(entity.fields)) {
    const wanted = section.columns?.[field];
    const column = find(there, field, wanted, isExpected, fieldTypes, faults);
    if (column) columns.set(field, column);
  }
  const watermark = find(there, 'watermark', section.watermark, false, watermarkTypes, faults, 'updated_at');
  const key = columns.get(entity.key);
  if (key && !keyTypes.test(key.type)) {
    faults.push({ path: entity.key, message: `column \`${key.name}\` is ${key.type}; a view can give it as text.` });
  }
  const has = `It has ${there.map((column) => column.name).join(', ')}.`;
  if (faults.length > 0 || key === undefined) {
    throw new SourceError(`The table \`${name}\` is not as the mapping of ${table} says. ${has}`, {
      kind: 'shape',
      faults,
    });
  }
  return { table: name, key, columns, watermark, hasUniqueKey: await isUnique(session, name, key), has };
}

/** What a section asks for by name must be there; what it says nothing about is taken if it is. */
function find(
  there: readonly Column[],
  field: string,
  wanted: string | false | undefined,
  isExpected: boolean,
  types: RegExp,
  faults: Fault[],
  defaultName = field,
): Column | undefined {
  if (wanted === false) return undefined;
  const name = wanted ?? defaultName;
  const column = there.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (column === undefined) {
    if (isExpected || wanted !== undefined) faults.push({ path: field, message: `there is no column \`${name}\`.` });
    return undefined;
  }
  if (types.test(column.type)) return column;
  faults.push({
    path: field,
    message: `column \`${column.name}\` is ${column.type}, which cannot be read as ${field}.`,
  });
  return undefined;
}

async function findTable(
  session: Session,
  table: ReferenceTable,
  wanted: string,
): Promise<{ name: string; columns: Column[] }> {
  const rows = await session.query(
    `SELECT TABLE_NAME AS table_name, COLUMN_NAME AS column_name, LOWER(DATA_TYPE) AS data_type
     FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`,
    [wanted],
  );
  const names = [...new Set(rows.map((row) => String(row['table_name'])))];
  // On most servers the names of tables differ by case.
  const name = names.find((one) => one === wanted) ?? names[0];
  if (name === undefined) {
    const others = await session.query(
      'SELECT DISTINCT TABLE_NAME AS table_name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1 LIMIT 50',
      [],
    );
    const visible = others.map((row) => String(row['table_name'])).join(', ') || 'none';
    const reason = `There is no table or view \`${wanted}\` for ${table} that this account may read. It may read: ${visible}.`;
    throw new SourceError(`${reason} Name the right one with \`${table}: { table: … }\`, or say \`${table}: false\`.`, {
      kind: 'shape',
    });
  }
  const columns = rows
    .filter((row) => row['table_name'] === name)
    .map((row) => ({ name: String(row['column_name']), type: String(row['data_type']) }));
  return { name, columns };
}

/** Whether an index says that the key alone is unique and never NULL; views have none. */
async function isUnique(session: Session, table: string, key: Column): Promise<boolean> {
  const rows = await session.query(
    `SELECT INDEX_NAME AS index_name FROM information_schema.STATISTICS
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND NON_UNIQUE = 0
     GROUP BY INDEX_NAME
     HAVING COUNT(*) = 1 AND MAX(COLUMN_NAME) = ? AND MAX(NULLABLE) <> 'YES' AND MAX(SUB_PART) IS NULL`,
    [table, key.name],
  );
  return rows.length > 0;
}
