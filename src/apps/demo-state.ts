import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataFolder } from './data-folder.ts';

/** What a demonstration remembers in its data folder, so that the next start goes on from there. */
export interface DemoState {
  readonly seed: number;
  readonly stores: number;
  readonly historyDays: number;
  readonly historyPosted: boolean;
  /** Live orders up to here are posted, milliseconds since 1970. */
  readonly liveThroughMs: number;
}

/** The state of the folder's demonstration, or undefined when there is none yet. */
export function readDemoState(folder: DataFolder): DemoState | undefined {
  const path = join(folder.path, 'demo.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as DemoState) : undefined;
}

export function writeDemoState(folder: DataFolder, state: DemoState): void {
  const path = join(folder.path, 'demo.json');
  writeFileSync(`${path}.new`, `${JSON.stringify(state)}\n`);
  renameSync(`${path}.new`, path);
}
