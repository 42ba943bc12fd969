import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { version as duckdbVersion } from '@duckdb/node-api';
import { percentiles } from './percentiles.ts';
import type { Machine } from './result.ts';

const syncs = 200;

/** The facts of this machine; the disk's are measured in the folder given. */
export function machineFacts(folder: string): Machine {
  const { p50, p99 } = percentiles(syncTimesMs(folder));
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1e9),
    system: `${platform()} ${arch()}`,
    node: process.version,
    duckdb: duckdbVersion(),
    fdatasyncMs: { p50, p99 },
  };
}

function syncTimesMs(folder: string): number[] {
  const path = join(folder, 'fdatasync');
  const file = openSync(path, 'a');
  const block = Buffer.alloc(4096, 'a');
  try {
    return Array.from({ length: syncs }, () => {
      const startMs = performance.now();
      writeSync(file, block);
      fdatasyncSync(file);
      return performance.now() - startMs;
    });
  } finally {
    closeSync(file);
    rmSync(path);
  }
}
