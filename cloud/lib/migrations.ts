import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../src/warehouse/redshift/migrations/', import.meta.url));

/** Changes whenever a migration is added, so that CloudFormation asks for the schema again. */
export function digestOfMigrations(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(`${folder}${name}`));
  return hash.digest('hex');
}
