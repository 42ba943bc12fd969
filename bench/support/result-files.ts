import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ResultFile } from './result.ts';

const here = (folder: string): string => fileURLToPath(new URL(`../${folder}/`, import.meta.url));

/** Results of runs on this machine; not committed. */
export const resultsFolder = here('results');
/** Results to compare with, committed with the facts of the machines that they are from. */
export const baselinesFolder = here('baselines');

/** Reads a result or baseline. */
export function readResult(path: string): ResultFile {
  return JSON.parse(readFileSync(path, 'utf8')) as ResultFile;
}

/** Writes a result where `newestResult` finds it, or where asked; the path. */
export function writeResult(result: ResultFile, path?: string): string {
  mkdirSync(resultsFolder, { recursive: true });
  const chosen = path ?? join(resultsFolder, `${result.startedAt.replace(/[:.]/g, '-')}.json`);
  writeFileSync(chosen, `${JSON.stringify(result, null, 2)}\n`);
  return chosen;
}

/**
 * The path of the last file of a folder; names start with dates.
 *
 * @throws Error when there is none
 */
export function newestIn(folder: string): string {
  try {
    const newest = readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .at(-1);
    if (newest !== undefined) return join(folder, newest);
  } catch {
    // Says the same as an empty folder.
  }
  throw new Error(`There is no result in ${folder} yet.`);
}
