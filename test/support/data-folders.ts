import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { segmentBytes } from './segments.ts';

/** Name of a sequence in files: `000000000001`. */
export const digits = (sequence: number): string => String(sequence).padStart(12, '0');

/** Writes a file, with the folders above it. */
export function putFile(folder: string, path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

/** Writes a sealed segment file of so many records into a data folder; gives its path there. */
export function putSegment(folder: string, sequence: number, records = 2): string {
  const path = `segments/${digits(sequence)}.ndjson`;
  const ids = Array.from({ length: records }, (_, index) => `{"order_id":"${sequence}-${index}"}`);
  putFile(folder, path, segmentBytes(ids));
  return path;
}

/** Writes a batch of archived segment files, one file for each business date, the manifest last. */
export function putBatch(folder: string, first: number, last: number, dates = ['2026-02-07', '2026-02-08']): void {
  const range = `${digits(first)}-${digits(last)}`;
  const files = dates.map((date) => {
    const path = `orders/business_date=${date}/${range}.parquet`;
    const content = Buffer.from(`orders of ${date} in ${range}`);
    putFile(folder, `archive/${path}`, content);
    return { path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex'), records: 1 };
  });
  const segments = Array.from({ length: last - first + 1 }, (_, index) => ({ sequence: first + index, records: 2 }));
  const manifest = { version: 1, first, last, records: 2 * segments.length, segments, files };
  putFile(folder, `archive/manifests/${range}.json`, JSON.stringify(manifest));
}

/** Every file below a folder by its path, with its content. */
export function contentOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [relative(folder, path), readFileSync(path, 'latin1')]));
}
