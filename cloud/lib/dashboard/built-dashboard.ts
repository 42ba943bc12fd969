import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * The folder of the built dashboard, `dist/dashboard`. When nobody has built it yet, it is built now, which needs
 * no network.
 *
 * @throws Error when the packages that build it are not installed
 */
export function builtDashboard(): string {
  const folder = `${repository}dist/dashboard`;
  if (existsSync(`${folder}/index.html`) && existsSync(`${folder}/assets`)) return folder;
  const vite = `${repository}node_modules/vite/bin/vite.js`;
  if (!existsSync(vite))
    throw new Error('The dashboard is not built and cannot be: run "npm ci" in the folder above cloud/ first.');
  execFileSync(process.execPath, [vite, 'build', '--logLevel', 'error'], { cwd: repository, stdio: 'inherit' });
  return folder;
}
