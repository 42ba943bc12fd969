import { existsSync, readFileSync } from 'node:fs';

/** The version in package.json. */
export function readVersion(): string {
  return (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }).version;
}

/**
 * A file of the package, wherever the built files lie below it.
 *
 * @throws Error when the package has no such file
 */
export function packageFile(path: string): URL {
  for (let folder = new URL('.', import.meta.url); ; folder = new URL('..', folder)) {
    const file = new URL(path, folder);
    if (existsSync(new URL('package.json', folder)) && existsSync(file)) return file;
    if (folder.pathname === '/') throw new Error(`The package has no ${path}.`);
  }
}
