import type { QuarantineStatus } from '../contract/answers.ts';
import type { Row, SqlParameters, Warehouse } from './warehouse.ts';

/** A record in quarantine. */
export interface QuarantinedRow {
  readonly id: string;
  readonly acceptedAtMs: number;
  readonly source: string;
  readonly status: QuarantineStatus;
  readonly bytes: Buffer;
}

type Place = Pick<QuarantinedRow, 'id' | 'acceptedAtMs'>;

interface Range {
  readonly after: Place | undefined;
  readonly untilMs: number;
  readonly limit: number;
}

const columns = 'quarantine_id, accepted_at, source, status, bytes';
const laterThan = `AND (accepted_at > CAST($after AS TIMESTAMP)
  OR (accepted_at = CAST($after AS TIMESTAMP) AND quarantine_id > $after_id))`;
/** As many ids as one statement is given. */
const idsMax = 500;

/** Reads quarantine for those who take records out of it. */
export class QuarantinedRecords {
  readonly #warehouse: Pick<Warehouse, 'query'>;

  constructor(warehouse: Pick<Warehouse, 'query'>) {
    this.#warehouse = warehouse;
  }

  async find(id: string): Promise<QuarantinedRow | undefined> {
    const rows = await this.#warehouse.query(`SELECT ${columns} FROM quarantine WHERE quarantine_id = $id`, { id });
    return rows.map(toRecord)[0];
  }

  /** Places and base64 sizes of waiting records accepted up to `untilMs`, the oldest first, after a place. */
  async waiting(
    { code, source }: { readonly code?: string; readonly source?: string },
    { after, untilMs, limit }: Range,
  ): Promise<(Place & { readonly size: number })[]> {
    const parameters: SqlParameters = {
      until: instant(untilMs),
      limit,
      ...(code === undefined ? {} : { code }),
      ...(source === undefined ? {} : { source }),
      ...(after ? { after: instant(after.acceptedAtMs), after_id: after.id } : {}),
    };
    // Which first, sizes after: the bytes of all that wait would be far more to read than those of one slice.
    const rows = await this.#warehouse.query(
      `SELECT q.quarantine_id, q.accepted_at, LENGTH(q.bytes) AS size
      FROM (
        SELECT quarantine_id, accepted_at
        FROM quarantine
        WHERE status = 'waiting' AND accepted_at <= CAST($until AS TIMESTAMP)
          ${code === undefined ? '' : 'AND code = $code'}
          ${source === undefined ? '' : 'AND source = $source'}
          ${after ? laterThan : ''}
        ORDER BY accepted_at, quarantine_id
        LIMIT $limit
      ) p
      JOIN quarantine q ON q.quarantine_id = p.quarantine_id AND q.accepted_at = p.accepted_at
      ORDER BY q.accepted_at, q.quarantine_id`,
      parameters,
    );
    return rows.map((row) => ({ ...toPlace(row), size: Number(row['size']) }));
  }

  /** Those of these records that still wait, whole, in the order given. The times keep the search to a few blocks. */
  async read(places: readonly Place[]): Promise<QuarantinedRow[]> {
    const found = new Map<string, QuarantinedRow>();
    for (const part of partsOf(places)) {
      const times = part.map(({ acceptedAtMs }) => acceptedAtMs);
      const { list, parameters } = idList(part.map(({ id }) => id));
      const rows = await this.#warehouse.query(
        `SELECT ${columns} FROM quarantine
        WHERE status = 'waiting' AND quarantine_id IN (${list})
          AND accepted_at BETWEEN CAST($first AS TIMESTAMP) AND CAST($last AS TIMESTAMP)`,
        { ...parameters, first: instant(Math.min(...times)), last: instant(Math.max(...times)) },
      );
      for (const record of rows.map(toRecord)) found.set(record.id, record);
    }
    return places.flatMap(({ id }) => found.get(id) ?? []);
  }

  async stillWaiting(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const waiting = new Set<string>();
    for (const part of partsOf(ids)) {
      const { list, parameters } = idList(part);
      const rows = await this.#warehouse.query(
        `SELECT quarantine_id FROM quarantine WHERE status = 'waiting' AND quarantine_id IN (${list})`,
        parameters,
      );
      for (const row of rows) waiting.add(String(row['quarantine_id']));
    }
    return waiting;
  }
}

/**
 * Removes the records that were replayed or dropped before an instant. Waiting ones stay however old they are. Whoever
 * sends the same bytes again after that finds them in quarantine as a new record.
 */
export async function removeResolvedQuarantine(warehouse: Pick<Warehouse, 'write'>, before: Date): Promise<void> {
  const sql = `DELETE FROM quarantine WHERE status <> 'waiting' AND resolved_at < CAST($before AS TIMESTAMP)`;
  await warehouse.write([{ sql, parameters: { before: before.toISOString() } }]);
}

function toPlace(row: Row): Place {
  return { id: String(row['quarantine_id']), acceptedAtMs: Date.parse(String(row['accepted_at'])) };
}

function toRecord(row: Row): QuarantinedRow {
  return {
    ...toPlace(row),
    source: String(row['source']),
    status: row['status'] as QuarantineStatus,
    bytes: Buffer.from(String(row['bytes']), 'base64'),
  };
}

function instant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

function* partsOf<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += idsMax) yield all.slice(at, at + idsMax);
}

/** A list of parameters for IN, for however many ids there are. */
function idList(ids: readonly string[]): { list: string; parameters: Record<string, string> } {
  const named = ids.map((id, index) => [`id${index}`, id] as const);
  return { list: named.map(([name]) => `$${name}`).join(', '), parameters: Object.fromEntries(named) };
}
