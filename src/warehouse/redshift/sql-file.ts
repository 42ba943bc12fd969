import { readFileSync } from 'node:fs';

/** Reads a statement of this folder's `sql/`, once. */
export function sqlFile(name: string): string {
  return readFileSync(new URL(`./sql/${name}.sql`, import.meta.url), 'utf8');
}
