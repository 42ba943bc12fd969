import { isUtf8 } from 'node:buffer';
import {
  ProblemSchema,
  type QuarantineAnswer,
  QuarantineAnswerSchema,
  type Quarantined,
  type QuarantinedRecord,
  QuarantinedRecordSchema,
} from '../contract/answers.ts';
import { type Fault, SlicehouseError } from '../contract/errors.ts';
import type { Access } from '../http/access.ts';
import type { App } from '../http/create-app.ts';
import type { Row, SqlParameters, Warehouse } from '../warehouse/warehouse.ts';
import {
  type QuarantineQuery,
  QuarantineQuerySchema,
  readCursor,
  readQuarantineQuery,
  writeCursor,
} from './quarantine-query.ts';

export interface QuarantineReadingOptions {
  readonly warehouse: Warehouse;
  readonly access: Access;
  /** What is wrong with bytes of a source when they are judged now. */
  readonly faults: (bytes: Buffer, source: string) => readonly Fault[];
}

/** `GET /v1/quarantine` and `GET /v1/quarantine/{id}`. */
export function quarantineReadingRoutes(app: App, { warehouse, access, faults }: QuarantineReadingOptions): void {
  app.get('/v1/quarantine', { schema: description.list }, async (request): Promise<QuarantineAnswer> => {
    access.require(request, 'admin');
    const query = readQuarantineQuery(request.query);
    const [page, total, counts] = await Promise.all([
      readPage(warehouse, query),
      countSelected(warehouse, query),
      warehouse.query(countsSql),
    ]);
    return { ...page, total, counts: counts as QuarantineAnswer['counts'] };
  });
  app.get<{ Params: { id: string } }>('/v1/quarantine/:id', { schema: description.one }, async (request) => {
    access.require(request, 'admin');
    const { id } = request.params;
    const [row] = await warehouse.query(`SELECT ${columns}, bytes FROM quarantine WHERE quarantine_id = $id`, { id });
    if (!row) throw new SlicehouseError('not_found', `There is no record ${id.slice(0, 64)} in quarantine.`);
    const { bytes: base64, ...rest } = row;
    const bytes = Buffer.from(String(base64), 'base64');
    const answer = {
      ...rest,
      bytes: bytes.length,
      text: isUtf8(bytes) ? bytes.toString() : null,
      bytes_base64: base64,
      faults: faults(bytes, String(row['source'])),
    };
    return answer as QuarantinedRecord;
  });
}

const tags = ['operations'];
const description = {
  list: {
    summary: 'Records that could not be taken, newest first',
    tags,
    querystring: QuarantineQuerySchema,
    response: { 200: QuarantineAnswerSchema, default: ProblemSchema },
  },
  one: {
    summary: 'A record that could not be taken, whole',
    tags,
    response: { 200: QuarantinedRecordSchema, default: ProblemSchema },
  },
};

const columns = 'quarantine_id AS id, source, code, reason, origin, accepted_at, arrivals, status, resolved_at';

const countsSql = `
  SELECT code, source, COUNT(*) AS waiting FROM quarantine WHERE status = 'waiting'
  GROUP BY code, source ORDER BY waiting DESC, code, source LIMIT 1000`;

const pageRecords = 100;
const textCharacters = 2_000;
/** Enough base64 for so many characters, which have four bytes at the most. */
const headLength = Math.ceil((textCharacters * 4) / 3) * 4;

/**
 * One page: first which records, then what is in them. A record may have megabytes, and only those of the page are to
 * be read.
 */
async function readPage(
  warehouse: Warehouse,
  query: QuarantineQuery,
): Promise<Pick<QuarantineAnswer, 'quarantine' | 'next'>> {
  const limit = query.limit ?? pageRecords;
  const { where, parameters } = selectionSql(query, true);
  const places = await warehouse.query(
    `SELECT quarantine_id AS id, accepted_at FROM quarantine WHERE ${where}
    ORDER BY accepted_at DESC, quarantine_id LIMIT $limit`,
    { ...parameters, limit: limit + 1 },
  );
  const shown = places.slice(0, limit);
  const last = shown.at(-1);
  const next =
    places.length > limit && last
      ? writeCursor({ acceptedAt: String(last['accepted_at']), id: String(last['id']) })
      : null;
  return { quarantine: last ? await readRecords(warehouse, shown) : [], next };
}

async function readRecords(warehouse: Warehouse, places: readonly Row[]): Promise<Quarantined[]> {
  const ids = Object.fromEntries(places.map(({ id }, index) => [`id${index}`, String(id)]));
  const times = { newest: String(places[0]?.['accepted_at']), oldest: String(places.at(-1)?.['accepted_at']) };
  const rows = await warehouse.query(
    `SELECT ${columns}, LENGTH(bytes) AS length, RIGHT(bytes, 2) AS tail, LEFT(bytes, ${headLength}) AS head
    FROM quarantine
    WHERE quarantine_id IN (${Object.keys(ids).map((name) => `$${name}`)})
      AND accepted_at BETWEEN CAST($oldest AS TIMESTAMP) AND CAST($newest AS TIMESTAMP)
    ORDER BY accepted_at DESC, quarantine_id`,
    { ...ids, ...times },
  );
  return rows.map(({ length, tail, head, ...row }) => {
    const bytes = (Number(length) / 4) * 3 - (/=*$/.exec(String(tail))?.[0].length ?? 0);
    return { ...row, bytes, text: beginningOf(Buffer.from(String(head), 'base64'), bytes) } as Quarantined;
  });
}

/** The first characters of a text of which the first bytes are known; null when these are not UTF-8. */
function beginningOf(head: Buffer, bytes: number): string | null {
  // The cut may go through a character.
  const cuts = head.length < bytes ? [0, 1, 2, 3] : [0];
  const whole = cuts.map((cut) => head.subarray(0, head.length - cut)).find((part) => isUtf8(part));
  return whole ? Array.from(whole.toString()).slice(0, textCharacters).join('') : null;
}

async function countSelected(warehouse: Warehouse, query: QuarantineQuery): Promise<number> {
  const { where, parameters } = selectionSql(query, false);
  const rows = await warehouse.query(`SELECT COUNT(*) AS records FROM quarantine WHERE ${where}`, parameters);
  return Number(rows[0]?.['records']);
}

/** The conditions of a query, which hold nothing that was written by others, and their parameters. */
function selectionSql(
  { status = 'waiting', code, source, after }: QuarantineQuery,
  isPaged: boolean,
): { where: string; parameters: SqlParameters } {
  const conditions = ['1 = 1'];
  const parameters: Record<string, string> = {};
  const add = (condition: string, values: Record<string, string>): void => {
    conditions.push(condition);
    Object.assign(parameters, values);
  };
  if (status !== 'all') add('status = $status', { status });
  if (code !== undefined) add('code = $code', { code });
  if (source !== undefined) add('source = $source', { source });
  if (isPaged && after !== undefined) {
    const cursor = readCursor(after);
    add('(accepted_at < CAST($at AS TIMESTAMP) OR (accepted_at = CAST($at AS TIMESTAMP) AND quarantine_id > $id))', {
      at: cursor.acceptedAt,
      id: cursor.id,
    });
  }
  return { where: conditions.join(' AND '), parameters };
}
