import type { Row } from '../warehouse.ts';
import type { DataApi } from './data-api.ts';
import type { ObjectStore } from './object-store.ts';
import { recordIn } from './split-records.ts';

/** A row of a result has 64 KB at most: of a record with more base64, the row keeps the beginning and its place. */
const base64Max = 45_000;
/** Of whole groups of four, so that it stands for whole bytes. */
const beginningLength = 12_000;

/** What the row of a quarantined record keeps of its bytes. */
export interface KeptBytes {
  /** Base64. */
  readonly bytes: string;
  /** `s3://bucket/key#number` of a record that is kept in part only. */
  readonly bytes_in: string | null;
  /** How many bytes such a record has. */
  readonly bytes_size: number | null;
}

/** @param place `s3://bucket/key#number`, where the record lies */
export function keptBytes(base64: string, place: string): KeptBytes {
  if (base64.length <= base64Max) return { bytes: base64, bytes_in: null, bytes_size: null };
  const bytes_size = Buffer.byteLength(base64, 'base64');
  return { bytes: base64.slice(0, beginningLength), bytes_in: place, bytes_size };
}

interface LargeRecord {
  readonly id: string;
  readonly place: string;
  readonly size: number;
}

/**
 * Makes rows about quarantine what they would be if each held its record whole. Rows are known by an `id` or a
 * `quarantine_id`; `bytes` is read from S3, and the `length` or `size` of the base64 and its `tail` are counted.
 */
export class LargeRecords {
  readonly #dataApi: Pick<DataApi, 'query'>;
  readonly #objects: Pick<ObjectStore, 'read'>;

  constructor(dataApi: Pick<DataApi, 'query'>, objects: Pick<ObjectStore, 'read'>) {
    this.#dataApi = dataApi;
    this.#objects = objects;
  }

  /**
   * The same rows, with those completed that are of large records.
   *
   * @throws VanishedObjectError when the bytes are asked for and their object is not there any more
   */
  async complete(rows: Row[], signal?: AbortSignal): Promise<Row[]> {
    const cut = rows.filter(isPerhapsCut).map(idOf);
    if (cut.length === 0) return rows;
    const large = await this.#find(cut, signal);
    const read = rows.filter((row) => 'bytes' in row).flatMap((row) => large.get(idOf(row)) ?? []);
    const whole = await this.#read(read);
    return rows.map((row) => {
      const record = large.get(idOf(row));
      return record ? { ...row, ...measures(row, record), ...(whole.get(record.id) ?? {}) } : row;
    });
  }

  async #find(ids: readonly string[], signal?: AbortSignal): Promise<Map<string, LargeRecord>> {
    const parameters = Object.fromEntries(ids.map((id, index) => [`id${index}`, id]));
    const list = Object.keys(parameters).map((name) => `$${name}`);
    const rows = await this.#dataApi.query(
      `SELECT quarantine_id, bytes_in, bytes_size FROM quarantine
      WHERE bytes_in IS NOT NULL AND quarantine_id IN (${list.join(', ')})`,
      parameters,
      signal,
    );
    return new Map(
      rows.map((row) => {
        const id = String(row['quarantine_id']);
        return [id, { id, place: String(row['bytes_in']), size: Number(row['bytes_size']) }];
      }),
    );
  }

  /** One object at a time: each may have megabytes. */
  async #read(records: readonly LargeRecord[]): Promise<Map<string, { readonly bytes: string }>> {
    const uriOf = ({ place }: LargeRecord): string => place.slice(0, place.lastIndexOf('#'));
    const whole = new Map<string, { readonly bytes: string }>();
    for (const uri of new Set(records.map(uriOf))) {
      const content = await this.#objects.read(uri);
      for (const record of records.filter((one) => uriOf(one) === uri))
        whole.set(record.id, { bytes: bytesIn(content, record) });
    }
    return whole;
  }
}

/** A line that could not be loaded is the record itself; any other holds the bytes of the record. */
function bytesIn(content: Buffer, { id, place, size }: LargeRecord): string {
  const { line, record } = recordIn(content, Number(place.slice(place.lastIndexOf('#') + 1))) ?? {};
  const isReject = typeof record === 'object' && record.type === 'reject' && record.quarantine_id === id;
  const bytes = isReject ? record.bytes : line?.toString('base64');
  if (bytes === undefined || Buffer.byteLength(bytes, 'base64') !== size)
    throw new Error(`The ${size} bytes of record ${id} are not at ${place} any more.`);
  return bytes;
}

const measured = ['bytes', 'length', 'size'] as const;

function isPerhapsCut(row: Row): boolean {
  return (
    idOf(row) !== '' &&
    measured.some((name) => {
      const value = row[name];
      return (typeof value === 'string' ? value.length : value) === beginningLength;
    })
  );
}

function idOf(row: Row): string {
  return String(row['quarantine_id'] ?? row['id'] ?? '');
}

function measures(row: Row, { size }: LargeRecord): Row {
  const length = Math.ceil(size / 3) * 4;
  const all: Row = { length, size: length, tail: '='.repeat((3 - (size % 3)) % 3) };
  return Object.fromEntries(Object.entries(all).filter(([name]) => name in row));
}
