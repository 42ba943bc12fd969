import { basename } from 'node:path';
import type { SegmentCheck, SegmentFolder, StoredSegment } from '../stream/segment-folder.ts';
import type { BooksAudit, ReportDiscrepancy } from '../warehouse/audit.ts';

const groupBytesMax = 64 * 1024 * 1024;
const groupFilesMax = 500;

/** What reading the segment files gave. */
export interface SegmentsRead {
  files: number;
  records: number;
  bytes: number;
  /** Sealed files whose bytes are damaged: their records were not looked at. */
  readonly damaged: Set<number>;
  /** Records of the file that is being written. */
  openRecords: number;
}

export interface ReadSegmentsOptions {
  readonly folder: SegmentFolder;
  readonly segments: readonly StoredSegment[];
  readonly audit: BooksAudit;
  readonly report: ReportDiscrepancy;
  readonly onStep: (done: number, total: number) => void;
}

/** Reads every byte of the segment files, reports damage, and adds what is whole to the audit, group by group. */
export async function readSegments(options: ReadSegmentsOptions): Promise<SegmentsRead> {
  const { folder, segments, onStep } = options;
  const read: SegmentsRead = { files: 0, records: 0, bytes: 0, damaged: new Set(), openRecords: 0 };
  let group: SegmentCheck[] = [];
  let bytes = 0;
  for (const [at, segment] of segments.entries()) {
    const check = await folder.check(segment);
    if (check) {
      group.push(check);
      bytes += check.bytes;
    }
    if (bytes < groupBytesMax && group.length < groupFilesMax && at < segments.length - 1) continue;
    await takeGroup(group, read, options);
    onStep(at + 1, segments.length);
    [group, bytes] = [[], 0];
  }
  return read;
}

async function takeGroup(
  group: readonly SegmentCheck[],
  read: SegmentsRead,
  { folder, audit, report }: ReadSegmentsOptions,
): Promise<void> {
  const loaded = await audit.loaded(group.map((file) => file.sequence));
  const readable: SegmentCheck[] = [];
  for (const file of group) {
    read.bytes += file.bytes;
    if (file.state === 'open' && !loaded.has(file.sequence)) {
      read.openRecords += file.records;
      continue;
    }
    read.files += 1;
    read.records += file.records;
    if (file.state === 'whole') readable.push(file);
    else if (file.state === 'open' && !file.isTorn) readable.push(file);
    else read.damaged.add(file.sequence);
    if (file.state !== 'whole') reportDamage(file, report);
  }
  await add(readable, folder, audit);
}

function reportDamage(file: SegmentCheck, report: ReportDiscrepancy): void {
  const name = `segments/${basename(file.path)}`;
  for (const { record, offset } of file.damage) {
    const detail = `The checksum of record ${record}, which begins at byte ${offset}, does not fit.`;
    report({ code: 'file_damaged', where: `${name}, record ${record}`, detail });
  }
  if (file.damage.length > 0) return;
  const what = file.sealed ? 'Its seal does not fit its records' : 'It has no seal';
  report({ code: 'seal_wrong', where: name, detail: `${what}; ${file.records} whole records are in it.` });
}

/** Loaded files are removed in the order of their age while the house lives: what is gone meanwhile is left out. */
async function add(files: readonly SegmentCheck[], folder: SegmentFolder, audit: BooksAudit): Promise<void> {
  if (files.length === 0) return;
  try {
    await audit.addSegments(files.map((file) => file.path));
  } catch (error) {
    const there = new Set((await folder.list()).segments.map((segment) => segment.sequence));
    const left = files.filter((file) => there.has(file.sequence));
    if (left.length === files.length) throw error;
    await add(left, folder, audit);
  }
}
