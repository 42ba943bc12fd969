import type { SegmentFile } from '../contract/segment-file.ts';

/** Up to so much makes one batch: small enough for a moment's work, large enough for Parquet to be worth it. */
const batchBytesMax = 64 * 1024 * 1024;
const batchFilesMax = 5_000;

/**
 * The oldest run of files that makes up a batch, at least one if there are any that may be archived. A file that is
 * excluded ends the run before it, so that no batch reaches across one that it does not hold.
 *
 * @param kept sorted by sequence
 */
export function nextBatch(kept: readonly SegmentFile[], excluded: ReadonlySet<number>): SegmentFile[] {
  let bytes = 0;
  const batch: SegmentFile[] = [];
  for (const file of kept) {
    if (excluded.has(file.sequence)) {
      if (batch.length > 0) break;
      continue;
    }
    bytes += file.bytes;
    if (batch.length > 0 && (bytes > batchBytesMax || batch.length >= batchFilesMax)) break;
    batch.push(file);
  }
  return batch;
}
