import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveSummary } from '../contract/pipeline.ts';

interface Batch {
  readonly records: number;
  readonly bytes: number;
  readonly writtenAtMs: number;
}

/** A manifest's name holds the first and the last segment file of its batch. */
const manifestName = /^\d{12}-\d{12}\.json$/;

/**
 * Sums up the archive from its manifests. A manifest never changes, so each is read once; what is asked for again
 * costs the listing of a folder.
 */
export class ArchiveReader {
  readonly #folder: string;
  readonly #batches = new Map<string, Batch>();

  /** @param folder where the manifests lie; it need not exist */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Null when there is no archive. */
  async summary(): Promise<ArchiveSummary | null> {
    const names = await readdir(this.#folder).catch(() => undefined);
    if (names === undefined) return null;
    const manifests = new Set(names.filter((name) => manifestName.test(name)));
    for (const name of this.#batches.keys()) if (!manifests.has(name)) this.#batches.delete(name);
    for (const name of manifests) {
      if (this.#batches.has(name)) continue;
      const batch = await readBatch(join(this.#folder, name));
      if (batch) this.#batches.set(name, batch);
    }
    return sum([...this.#batches.values()]);
  }
}

/** Undefined for a manifest that is removed meanwhile or is no JSON: `slicehouse verify` names what is wrong with it. */
async function readBatch(path: string): Promise<Batch | undefined> {
  try {
    const { records, files } = JSON.parse(await readFile(path, 'utf8')) as {
      records: number;
      files: { bytes: number }[];
    };
    const bytes = files.reduce((total, file) => total + file.bytes, 0);
    return { records, bytes, writtenAtMs: (await stat(path)).mtimeMs };
  } catch {
    return undefined;
  }
}

function sum(batches: readonly Batch[]): ArchiveSummary {
  const newestMs = batches.reduce((latest, batch) => Math.max(latest, batch.writtenAtMs), 0);
  return {
    batches: batches.length,
    records: batches.reduce((total, batch) => total + batch.records, 0),
    bytes: batches.reduce((total, batch) => total + batch.bytes, 0),
    newest: batches.length === 0 ? null : new Date(newestMs).toISOString(),
  };
}
