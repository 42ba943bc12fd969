import { readFileSync } from 'node:fs';

/** Reads a statement of this folder's `sql/`, once. */
export function sqlFile(name: string): string {
  return readFileSync(new URL(`./sql/${name}.sql`, import.meta.url), 'utf8');
}

/** The statement that resolves the orders which `unresolved-<orders>.sql` selects. */
export function resolvedSql(orders: 'arrived' | 'ruled' | 'of-stores' | 'of-customers'): string {
  return sqlFile('resolved').replace('  -- one of the unresolved-….sql', () => sqlFile(`unresolved-${orders}`));
}
