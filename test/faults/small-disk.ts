import { execFileSync, spawnSync } from 'node:child_process';
import { onTestFinished, type TestContext } from 'vitest';
import { temporaryFolder } from './support.ts';

/**
 * Mounts a small file system in memory on a folder, for the running test. Where this user may not, the test is left
 * out, and fails in CI.
 */
export async function smallDisk(mebibytes: number, context: TestContext): Promise<string> {
  const folder = await temporaryFolder();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder]);
  if (mounted.status !== 0) {
    if (process.env['CI'] === 'true') throw new Error('This test mounts a tmpfs, and this user may not.');
    context.skip('may not mount a tmpfs');
  }
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}

/** Makes such a file system refuse every write from now on. */
export function makeReadOnly(folder: string): void {
  execFileSync('mount', ['-o', 'remount,ro', folder]);
}
