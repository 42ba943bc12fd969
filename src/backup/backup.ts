import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eachAtOnce } from './at-once.ts';
import { type Collected, collectFiles, type LeftOut, type Seen } from './collect-files.ts';
import { type DataFile, listSegments, type SegmentName } from './data-files.ts';
import { sameDigest } from './digest.ts';
import { ChangedFileError, digestFile } from './local-file.ts';
import { type BackupManifest, backupName, fileFolder, keyOf, listBackups, writeManifest } from './manifest.ts';
import { refuseUnfinished } from './restore-marker.ts';
import { isSettled } from './sealed-segment.ts';
import type { BackupTarget } from './target.ts';

export interface BackupOptions {
  /** The data folder; a server may run on it. */
  readonly folder: string;
  readonly target: BackupTarget;
  readonly nowMs: number;
  /** How long to wait for a server to seal what it has acknowledged; 0 when none runs. */
  readonly sealWithinMs: number;
  readonly onProgress?: (progress: BackupProgress) => void;
}

export interface BackupProgress {
  /** Sent or found there. */
  readonly filesDone: number;
  readonly files: number;
  readonly bytesSent: number;
}

export interface BackupResult {
  readonly name: string;
  readonly takenAtMs: number;
  readonly filesSent: number;
  /** Files that the target had already. */
  readonly filesKept: number;
  readonly bytesSent: number;
  /** Of all files of the backup. */
  readonly bytes: number;
  readonly records: BackupManifest['records'];
  /** Records that are in the warehouse alone and no longer in files: no restore brings them back. */
  readonly warehouseOnly: number;
  /** Segment files that are not in the backup: not sealed though they were there at the start, or damaged. */
  readonly leftOut: readonly LeftOut[];
}

const attempts = 10;
const pauseMs = 200;
const sealLookMs = 20;
const filesAtOnce = 4;

/**
 * Backs a data folder up while it is in use. Files that the target has are not sent again; the manifest comes last,
 * so that a backup which dies half way does not count. Everything acknowledged before it began is in it, unless
 * `leftOut` names the segment file.
 *
 * @throws Error when the folder is no data folder, loses a file that no archived batch holds, or the target fails
 */
export async function backUp(options: BackupOptions): Promise<BackupResult> {
  const { folder, target, nowMs, sealWithinMs } = options;
  await refuseOther(folder);
  const atStart = await listSegments(folder);
  const open = await openSegments(folder, atStart);
  await untilSettled(folder, open, sealWithinMs);
  const [newest] = await listBackups(target);
  const sender = await Sender.open(options);
  const { files, leftOut, warehouseOnly } = await sendConsistent(
    sender,
    folder,
    atStart.map(({ sequence }) => sequence),
  );
  // Names sort by time even when the clock was put back.
  const name = backupName(Math.max(nowMs, (newest?.takenAtMs ?? 0) + 1));
  const records = recordsOf(files);
  await writeManifest(target, name, {
    version: 1,
    taken_at: new Date(name.takenAtMs).toISOString(),
    records,
    files: files.map(({ path, bytes, sha256 }) => ({ path, key: keyOf(path, sha256), bytes, sha256 })),
  });
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return {
    ...name,
    ...sender.figures(files),
    bytes,
    records,
    warehouseOnly,
    // A file that was opened since holds only what was acknowledged since.
    leftOut: leftOut.filter(({ path, why }) => why === 'damaged' || open.has(path)),
  };
}

async function refuseOther(folder: string): Promise<void> {
  refuseUnfinished(folder);
  const found = await stat(join(folder, 'segments')).catch(() => undefined);
  if (!found?.isDirectory())
    throw new Error(`${folder} is no data folder: it has no folder "segments". Name it with --data-dir.`);
}

/** The segment files that hold something acknowledged and are not sealed. */
async function openSegments(folder: string, segments: readonly SegmentName[]): Promise<Set<string>> {
  const open = new Set<string>();
  for (const { path } of segments) if (!(await isSettled(join(folder, path)))) open.add(path);
  return open;
}

async function untilSettled(folder: string, paths: ReadonlySet<string>, withinMs: number): Promise<void> {
  const endMs = performance.now() + withinMs;
  for (const path of paths) {
    while (!(await isSettled(join(folder, path))) && performance.now() < endMs) await sleep(sealLookMs);
  }
}

/** Looks and sends until what was seen was also sent, and nothing that was there at the start is missing. */
async function sendConsistent(sender: Sender, folder: string, atStart: readonly number[]): Promise<Collected> {
  const seen: Seen = new Map();
  for (let attempt = 1; ; attempt += 1) {
    try {
      const collected = await collectFiles(folder, seen);
      await sender.send(collected.files);
      const lost = atStart.find((sequence) => !collected.covers(sequence));
      if (lost === undefined) return collected;
      throw new ChangedFileError(`Segment file ${lost} is gone, and no archived batch holds it.`);
    } catch (error) {
      if (!(error instanceof ChangedFileError)) throw error;
      if (attempt === attempts)
        throw new Error(
          `The data folder changed under the backup: ${error.message} Run it again; "slicehouse verify" tells whether something is lost.`,
          { cause: error },
        );
    }
    await sleep(pauseMs);
  }
}

/** Sends what the target does not have. */
class Sender {
  readonly #options: BackupOptions;
  /** Bytes by key. A key is never given other bytes and appears whole, so that key and size tell the object. */
  readonly #there: Map<string, number>;
  readonly #sent = new Set<string>();
  #bytesSent = 0;

  private constructor(options: BackupOptions, there: Map<string, number>) {
    this.#options = options;
    this.#there = there;
  }

  static async open(options: BackupOptions): Promise<Sender> {
    const there = await options.target.list(fileFolder);
    return new Sender(options, new Map(there.map(({ key, bytes }) => [key, bytes])));
  }

  async send(files: readonly DataFile[]): Promise<void> {
    let filesDone = 0;
    await eachAtOnce(files, filesAtOnce, async (file) => {
      await this.#sendOne(file);
      filesDone += 1;
      this.#options.onProgress?.({ filesDone, files: files.length, bytesSent: this.#bytesSent });
    });
  }

  figures(files: readonly DataFile[]): Pick<BackupResult, 'filesSent' | 'filesKept' | 'bytesSent'> {
    const filesSent = files.filter((file) => this.#sent.has(keyOf(file.path, file.sha256))).length;
    return { filesSent, filesKept: files.length - filesSent, bytesSent: this.#bytesSent };
  }

  async #sendOne(file: DataFile): Promise<void> {
    const { folder, target } = this.#options;
    const key = keyOf(file.path, file.sha256);
    if (this.#there.get(key) === file.bytes) return;
    const path = join(folder, file.path);
    if (file.content) await target.put(key, file.content);
    else {
      // The digests of other files were taken from their bytes a moment ago.
      if (file.kind === 'archive' && !sameDigest(await digestFile(path), file))
        throw new ChangedFileError(`${file.path} is not the file that its manifest in the archive names.`);
      await target.putFile(key, path, file);
    }
    this.#there.set(key, file.bytes);
    this.#sent.add(key);
    this.#bytesSent += file.bytes;
  }
}

function recordsOf(files: readonly DataFile[]): BackupManifest['records'] {
  const records = { segments: 0, archive: 0, reference: 0 };
  for (const file of files) if (file.kind !== 'keys') records[file.kind] += file.records;
  return records;
}
