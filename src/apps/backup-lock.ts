import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Does something while no other backup of this data folder runs: pruning at the end of one would remove what another
 * has sent and not yet named. What a killed process left behind does not count.
 *
 * @throws Error that names the process which makes a backup
 */
export async function withBackupLock<T>(dataDir: string, act: () => Promise<T>): Promise<T> {
  const path = join(dataDir, 'backup.lock');
  take(path);
  try {
    return await act();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path: string): void {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const pid = Number(readFileSync(path, 'utf8'));
    if (isAlive(pid)) throw new Error(`Process ${pid} makes a backup of this data folder.`, { cause: error });
    rmSync(path, { force: true });
    take(path);
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && pid !== process.pid && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
