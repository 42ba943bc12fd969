import { readRemoved } from '../archive/manifest.ts';
import type { Verification, VerificationProgress } from '../contract/verification.ts';
import type { SegmentFolder } from '../stream/segment-folder.ts';
import type { AuditableWarehouse, BooksAudit, GoneSegment } from '../warehouse/audit.ts';
import { ProblemLog } from './problem-log.ts';
import { type ArchiveRead, emptyArchiveRead, readArchive } from './read-archive.ts';
import { readSegments, type SegmentsRead } from './read-segments.ts';
import { readSetAside } from './read-set-aside.ts';

export interface VerifyOptions {
  readonly warehouse: AuditableWarehouse;
  readonly segments: SegmentFolder;
  /** The folder of the archive; it need not exist. */
  readonly archiveFolder: string;
  readonly onProgress?: (progress: VerificationProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Proves the books: reads every byte of every segment file and of the archive, counts again what became of every
 * record, and holds it against ledger, books, tables and quarantine. Loads and reports go on; what is loaded after
 * the beginning counts as in flight.
 *
 * @throws when it is aborted, or a file cannot be read at all
 */
export async function verifyBooks(options: VerifyOptions): Promise<Verification> {
  const startMs = performance.now();
  const audit = await options.warehouse.audit(options.signal ?? new AbortController().signal);
  try {
    const result = await prove(audit, options);
    const seconds = Math.round(performance.now() - startMs) / 1000;
    return { ...result, checked: { ...result.checked, seconds } };
  } finally {
    audit.close();
  }
}

async function prove(audit: BooksAudit, options: VerifyOptions): Promise<Verification> {
  const { segments: folder, onProgress = () => undefined } = options;
  const log = new ProblemLog();
  const { report } = log;
  const stepOf = (step: VerificationProgress['step']) => (done: number, total: number) =>
    onProgress({ step, done, total });
  await audit.readTables(report, stepOf('tables'));
  const { segments, setAside } = await folder.list();
  const read = await readSegments({ folder, segments, audit, report, onStep: stepOf('segment_files') });
  const asideNotes = await readSetAside({ folder, names: setAside, audit, report });
  const archive = emptyArchiveRead();
  const archiveOptions = { folder: options.archiveFolder, audit, report, onStep: stepOf('archive') };
  // What moves from segment files to the archive meanwhile is in a batch that a second look finds.
  while ((await readArchive(archive, archiveOptions)) > 0) options.signal?.throwIfAborted();
  const gone = await audit.gone();
  await reportMissing(gone, { read, archive, log, options });
  const pathOf = new Map(segments.map(({ sequence, path }) => [sequence, path]));
  const { books, removedFromQuarantine } = await audit.compare({
    report,
    enough: () => log.full,
    onStep: stepOf('comparison'),
    pathsOf: (segment, place) => (place === 'segments' ? [pathOf.get(segment) ?? ''] : batchPaths(archive, segment)),
  });
  return {
    ok: log.named.length === 0,
    days: books,
    problems: log.named,
    problem_counts: log.counts as Record<string, number>,
    notes: [...asideNotes, ...notesOf(read, gone)],
    checked: {
      ...countChecked(read, archive, gone),
      removed_from_quarantine: removedFromQuarantine,
      seconds: 0,
    },
  };
}

function batchPaths({ whole }: ArchiveRead, segment: number): readonly string[] {
  return whole.find(({ first, last }) => first <= segment && segment <= last)?.paths ?? [];
}

interface Reading {
  readonly read: SegmentsRead;
  readonly archive: ArchiveRead;
  readonly log: ProblemLog;
  readonly options: VerifyOptions;
}

/**
 * What is gone is gone on purpose when the archive remembers it as removed. Without that memory, when all that is
 * older is gone too: loaded files went in the order of their age.
 */
async function reportMissing(gone: readonly GoneSegment[], { read, archive, log, options }: Reading): Promise<void> {
  const unexplained = gone.filter(({ segment }) => !read.damaged.has(segment) && !archive.damaged.has(segment));
  if (unexplained.length === 0) return;
  const removed = await readRemoved(options.archiveFolder);
  const there = (await options.segments.list()).segments.map(({ sequence }) => sequence);
  const oldest = Math.min(...archive.whole.map(({ first }) => first), ...there.slice(0, 1));
  const isRemoved = (segment: number): boolean =>
    removed?.some(({ first, last }) => first <= segment && segment <= last) ?? segment < oldest;
  for (const { segment, records } of unexplained.filter((one) => !isRemoved(one.segment))) {
    const detail = `The ledger has it with ${records} records, and nothing says that it was removed.`;
    log.report({ code: 'file_missing', where: `segment file ${segment}`, detail });
  }
}

function countChecked(
  read: SegmentsRead,
  archive: ArchiveRead,
  gone: readonly GoneSegment[],
): Omit<Verification['checked'], 'seconds' | 'removed_from_quarantine'> {
  return {
    segments: read.files,
    archive_batches: archive.batches,
    records: read.records + archive.records,
    bytes: read.bytes + archive.bytes,
    unproven_segments: gone.length,
    unproven_records: gone.reduce((sum, { records }) => sum + records, 0),
    segments_before_books: gone.filter(({ beforeBooks }) => beforeBooks).length,
  };
}

function notesOf(read: SegmentsRead, gone: readonly GoneSegment[]): string[] {
  const unproven = gone.length === 0 ? [] : [unprovenNote(gone)];
  const open = read.openRecords === 0 ? [] : [`${read.openRecords} records are in the file that is being written.`];
  return [...unproven, ...open];
}

function unprovenNote(gone: readonly GoneSegment[]): string {
  const records = gone.reduce((sum, segment) => sum + segment.records, 0);
  return `${gone.length} loaded segment files with ${records} records are no longer there to be read; the tables alone speak of them.`;
}
