import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeliveredRecord } from '../../src/contract/delivered-order.ts';
import type { Customer, Store } from '../../src/contract/reference.ts';
import type { SegmentFile } from '../../src/contract/segment-file.ts';
import { findReport } from '../../src/reports/catalogue.ts';
import { readParameters } from '../../src/reports/parameters.ts';
import { normaliseCustomer, normaliseStore } from '../../src/sources/normalise-reference.ts';
import type { LoadResult, Row, Warehouse } from '../../src/warehouse/warehouse.ts';
import { writeSegment } from '../support/segments.ts';

/** Opens the warehouse of a folder: new at first, the same again later. */
export type OpenWarehouse = (folder: string) => Promise<Warehouse>;

/** Where the segments lie that a warehouse loads. */
export interface SegmentPlace {
  /** Puts a sealed segment there. The sequences of a folder's warehouse are its own. */
  put(folder: string, sequence: number, records: readonly DeliveredRecord[]): Promise<SegmentFile>;
  remove(segment: SegmentFile): Promise<void>;
}

const segmentFiles: SegmentPlace = {
  put: async (folder, sequence, records) => writeSegment(folder, sequence, records),
  remove: async ({ path }) => rmSync(path),
};

/** A warehouse on a workbench: what tests do to it, in few words. */
export class WarehouseBench {
  readonly #open: OpenWarehouse;
  readonly #segments: SegmentPlace;
  readonly folder: string;
  #warehouse: Warehouse | undefined;
  #sequence = 0;

  /** @param segments files in the folder unless told */
  constructor(open: OpenWarehouse, folder: string, segments: SegmentPlace = segmentFiles) {
    this.#open = open;
    this.folder = folder;
    this.#segments = segments;
  }

  get warehouse(): Warehouse {
    if (!this.#warehouse) throw new Error('The warehouse is not open.');
    return this.#warehouse;
  }

  async open(): Promise<this> {
    this.#warehouse = await this.#open(this.folder);
    return this;
  }

  async close(): Promise<void> {
    await this.#warehouse?.close();
    this.#warehouse = undefined;
  }

  async reopen(): Promise<void> {
    await this.close();
    await this.open();
  }

  /** A sealed segment with the next sequence. */
  segment(records: readonly DeliveredRecord[]): Promise<SegmentFile> {
    this.#sequence += 1;
    return this.#segments.put(this.folder, this.#sequence, records);
  }

  /** A segment that is no longer there. */
  async lostSegment(records: readonly DeliveredRecord[]): Promise<SegmentFile> {
    const segment = await this.segment(records);
    await this.#segments.remove(segment);
    return segment;
  }

  /** Loads each list as a segment of its own, all in one load. */
  async load(...lists: readonly (readonly DeliveredRecord[])[]): Promise<LoadResult> {
    return this.warehouse.load(await Promise.all(lists.map((records) => this.segment(records))));
  }

  async putStores(...stores: Store[]): Promise<void> {
    await this.warehouse.upsertStores(this.#reference(stores.map((store) => normaliseStore(store))));
  }

  async putCustomers(...customers: Customer[]): Promise<void> {
    await this.warehouse.upsertCustomers(this.#reference(customers.map(normaliseCustomer)));
  }

  /** The rows of a report of the catalogue. */
  report(name: string, written: Record<string, string> = {}): Promise<Row[]> {
    const report = findReport(name);
    return this.warehouse.query(report.sql, readParameters(report.parameters, written));
  }

  /** The single row of the summary. */
  async summary(written: Record<string, string> = {}): Promise<Row> {
    return (await this.report('sales-summary', written))[0] ?? {};
  }

  #reference(normalised: readonly ReturnType<typeof normaliseStore>[]): string {
    const lines = normalised.map((one, position) => {
      if ('faults' in one) throw new Error(JSON.stringify(one.faults));
      return JSON.stringify({ ...one.record, position });
    });
    const path = join(this.folder, 'reference.ndjson');
    writeFileSync(path, lines.join('\n'));
    return path;
  }
}
