import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for files that end with the invocation: a function has 512 MB of it unless its stack says more. */
export function scratchFolder(): string {
  const folder = join(tmpdir(), 'slicehouse');
  mkdirSync(folder, { recursive: true });
  return folder;
}
