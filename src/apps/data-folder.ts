import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What lies where in a data folder. */
export interface DataFolder {
  readonly path: string;
  readonly warehouse: string;
  readonly segments: string;
  /** Emptied at every start. */
  readonly temporary: string;
  /** Tells commands of the running server: its address, and a token that lets them in. */
  readonly server: string;
}

export function dataFolder(path: string): DataFolder {
  return {
    path,
    warehouse: join(path, 'warehouse.duckdb'),
    segments: join(path, 'segments'),
    temporary: join(path, 'tmp'),
    server: join(path, 'server.json'),
  };
}

/** Where loaded orders and accepted reference data are kept, to make the warehouse anew from. */
export function archiveFolder({ path }: DataFolder): string {
  return join(path, 'archive');
}

/** A server that runs on a data folder. */
export interface RunningServer {
  readonly pid: number;
  readonly url: string;
  readonly token: string;
}

/** Readable by the owner of the data folder alone. */
export function announceServer(folder: DataFolder, server: RunningServer): void {
  rmSync(folder.server, { force: true });
  writeFileSync(folder.server, JSON.stringify(server), { mode: 0o600 });
}

export function withdrawServer(folder: DataFolder): void {
  rmSync(folder.server, { force: true });
}

/** The server that announced itself last, if its process lives. */
export function announcedServer(folder: DataFolder): RunningServer | undefined {
  if (!existsSync(folder.server)) return undefined;
  try {
    const server = JSON.parse(readFileSync(folder.server, 'utf8')) as RunningServer;
    process.kill(server.pid, 0);
    return server;
  } catch {
    return undefined;
  }
}

export function describeOwner(folder: DataFolder): string | undefined {
  const server = announcedServer(folder);
  return server && `process ${server.pid}, which serves it at ${server.url}`;
}
