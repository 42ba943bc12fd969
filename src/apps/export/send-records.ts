import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { BackupTarget } from '../../backup/target.ts';
import { isWholeRecord, recordIn } from '../../stream/local/frame.ts';
import { linesOf } from '../../stream/local/lines.ts';
import { archivedRecords, type PlacedRecord } from './archived-records.ts';
import { Coverage, type RecordPlace, rangeName } from './coverage.ts';
import { type ExportPart, type ExportPlan, recordsOf, type SealedFile, segmentsOf } from './plan-export.ts';

const pack = promisify(gzip);

/**
 * Bytes of records in an object. The loader takes up to a hundred objects into one load, whose records have to fit
 * into the memory of a function.
 */
const objectBytesMax = 256 * 1024;

/** What was sent, and what was there. */
export interface SentRecords {
  readonly recordsSent: number;
  readonly recordsKept: number;
  readonly objectsSent: number;
  readonly bytesSent: number;
}

export interface SendOptions {
  readonly target: BackupTarget;
  /** Folder of the archive. */
  readonly archive: string;
  readonly onProgress: (sent: SentRecords) => void;
}

/** Where the loader finds the records of a data folder. */
export function recordsFolder(chain: string): string {
  return `landing/import/${chain}/`;
}

/**
 * Sends every record that is not there yet, one object after the other, so that they land in the order in which the
 * records were accepted.
 *
 * @throws Error when a part has not the records that it should have; with code ENOENT when a file vanishes
 */
export async function sendRecords({ parts, chain }: ExportPlan, options: SendOptions): Promise<SentRecords> {
  const folder = recordsFolder(chain);
  const there = await options.target.list(folder);
  const coverage = new Coverage(there.map(({ key }) => key.slice(folder.length)));
  const sender = new RecordSender(folder, options);
  for (const part of parts) {
    if (segmentsOf(part).every(({ sequence, records }) => coverage.hasSegment(sequence, records))) {
      sender.keep(recordsOf(part));
      continue;
    }
    let read = 0;
    for await (const record of recordsIn(part, options.archive)) {
      read += 1;
      if (coverage.has(record)) sender.keep(1);
      else await sender.add(record);
    }
    if (read === recordsOf(part)) continue;
    throw new Error(
      `Segment file ${part.first} and those with it should have ${recordsOf(part)} records; ${read} were read.`,
    );
  }
  await sender.flush();
  return sender.sent;
}

function recordsIn(part: ExportPart, archive: string): AsyncGenerator<PlacedRecord> {
  return part.from === 'archive' ? archivedRecords(archive, part.manifest) : recordsOfFile(part.file);
}

async function* recordsOfFile({ path, sequence }: SealedFile): AsyncGenerator<PlacedRecord> {
  let position = 0;
  for await (const { bytes } of linesOf(path)) {
    if (!isWholeRecord(bytes)) continue;
    position += 1;
    yield { segment: sequence, position, record: recordIn(bytes) };
  }
}

const lineBreak = Buffer.from('\n');

/** Fills objects. */
class RecordSender {
  readonly #folder: string;
  readonly #options: SendOptions;
  #lines: Buffer[] = [];
  #bytes = 0;
  #first: RecordPlace | undefined;
  #last: RecordPlace | undefined;
  #sent: SentRecords = { recordsSent: 0, recordsKept: 0, objectsSent: 0, bytesSent: 0 };

  constructor(folder: string, options: SendOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  get sent(): SentRecords {
    return this.#sent;
  }

  keep(records: number): void {
    this.#count({ recordsKept: this.#sent.recordsKept + records });
  }

  async add({ segment, position, record }: PlacedRecord): Promise<void> {
    const isFull = this.#bytes > 0 && this.#bytes + record.length > objectBytesMax;
    // The name of an object says that it has everything from its first record to its last.
    if (isFull || (this.#last && !follows(this.#last, { segment, position }))) await this.flush();
    // What was read from a file shares its buffer with what follows.
    this.#lines.push(Buffer.from(record), lineBreak);
    this.#bytes += record.length + 1;
    this.#first ??= { segment, position };
    this.#last = { segment, position };
  }

  async flush(): Promise<void> {
    if (!this.#first || !this.#last) return;
    const key = this.#folder + rangeName({ first: this.#first, last: this.#last });
    const packed = await pack(Buffer.concat(this.#lines));
    await this.#options.target.put(key, packed);
    const { recordsSent, objectsSent, bytesSent } = this.#sent;
    this.#count({
      recordsSent: recordsSent + this.#lines.length / 2,
      objectsSent: objectsSent + 1,
      bytesSent: bytesSent + packed.length,
    });
    [this.#lines, this.#bytes, this.#first, this.#last] = [[], 0, undefined, undefined];
  }

  #count(changes: Partial<SentRecords>): void {
    this.#sent = { ...this.#sent, ...changes };
    this.#options.onProgress(this.#sent);
  }
}

/** Whether one record comes right after another; a segment file begins where the one before it ended. */
function follows(before: RecordPlace, { segment, position }: RecordPlace): boolean {
  if (segment === before.segment) return position === before.position + 1;
  return segment === before.segment + 1 && position === 1;
}
