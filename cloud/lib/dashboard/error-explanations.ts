import { copyFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const explanations = fileURLToPath(new URL('../../../docs/errors.md', import.meta.url));
const folder = fileURLToPath(new URL('../../node_modules/.cache/explanations', import.meta.url));

/** Where problem documents say that their errors are explained. */
export const explanationsPath = '/docs/errors';

/** A folder that has what each error means, and nothing else, under that path. */
export function errorExplanations(): string {
  mkdirSync(`${folder}/docs`, { recursive: true });
  copyFileSync(explanations, `${folder}${explanationsPath}`);
  return folder;
}
