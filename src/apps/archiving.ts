import { Archive } from '../archive/archive.ts';
import { ReferenceLog } from '../archive/reference-log.ts';
import type { Config } from '../runtime/config.ts';
import type { Log } from '../runtime/log.ts';
import type { DeliveryStream } from '../stream/stream.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { archiveFolder, type DataFolder } from './data-folder.ts';
import { waysBack } from './lost-warehouse.ts';

export interface ArchivingOptions {
  readonly folder: DataFolder;
  readonly config: Config;
  readonly warehouse: Warehouse;
  readonly log: Log;
}

/** What a house keeps beside its warehouse, so that the warehouse can be made anew. */
export interface Archiving {
  readonly archive: Archive;
  /** Where reference data goes instead of straight to the warehouse. */
  readonly reference: ReferenceLog;
  /** Starts archiving, as soon as the stream has told of the segment files it found. */
  begin(stream: DeliveryStream): Promise<void>;
}

const mebibyte = 1024 * 1024;
const keepFilesMax = 5_000;
/** More segment files than this waiting to be loaded: loading comes first. */
const behindSegments = 2;

/**
 * Opens the archive of a data folder.
 *
 * @throws Error when it holds segments that the warehouse does not know; the warehouse is closed then
 */
export async function openArchiving({ folder, config, warehouse, log }: ArchivingOptions): Promise<Archiving> {
  let stream: DeliveryStream | undefined;
  const archive = await Archive.open({
    folder: archiveFolder(folder),
    keepBytes: config.keepMegabytes * mebibyte,
    keepFiles: keepFilesMax,
    archiveDays: config.archiveDays,
    log,
    now: Date.now,
    isBehind: () => (stream?.status().waitingSegments ?? 0) > behindSegments,
  });
  if (archive.lastSequence > warehouse.status().lastSegment) {
    await warehouse.close();
    throw new Error(
      `The warehouse ${folder.warehouse} is older than its archive: it ends with segment file ${warehouse.status().lastSegment}, the archive with ${archive.lastSequence}.\n${waysBack(folder)}`,
    );
  }
  const reference = await ReferenceLog.open({
    folder: archiveFolder(folder),
    tables: warehouse,
    log,
    read: (table) => warehouse.stream(referenceSql[table]),
  });
  return {
    archive,
    reference,
    begin: (opened) => {
      stream = opened;
      return archive.begin(() => readLedger(warehouse));
    },
  };
}

/** The columns that a file of reference data has, as they are now. */
const referenceSql = {
  stores:
    "SELECT store_id, name, state, city, zip, time_zone, latitude, longitude, closeout_hour FROM store WHERE valid_to = TIMESTAMP '9999-12-31'",
  customers:
    "SELECT customer_id, home_state, home_city, home_zip FROM customer WHERE valid_to = TIMESTAMP '9999-12-31'",
} as const;

async function readLedger(warehouse: Warehouse): Promise<{ sequence: number; records: number }[]> {
  const rows = await warehouse.query('SELECT segment, records FROM load_ledger');
  return rows.map((row) => ({ sequence: Number(row['segment']), records: Number(row['records']) }));
}
