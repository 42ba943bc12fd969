import type { FastifyRequest } from 'fastify';
import { ProblemSchema, type Receipt, ReceiptSchema } from '../contract/answers.ts';
import { SlicehouseError } from '../contract/errors.ts';
import type { Access, Caller } from '../http/access.ts';
import type { App } from '../http/create-app.ts';
import type { Row, Warehouse } from '../warehouse/warehouse.ts';

/** What is known of orders that may not be loaded yet, and of how receipts are made. */
export interface ReceiptSource {
  /** The order key and revision of a receipt; undefined when it is none. */
  parse(written: string): { readonly orderKey: string; readonly revision: number } | undefined;
  receiptOf(source: string, orderId: string, revision: number): string;
  /** An order that was accepted of late. */
  recent(
    receipt: string,
  ): { readonly source: string; readonly order_id: string; readonly acceptedAtMs: number } | undefined;
}

export interface ReceiptRoutesOptions {
  readonly warehouse: Warehouse;
  readonly access: Access;
  readonly receipts: ReceiptSource;
}

/** `GET /v1/receipts/{receipt}`: how far an order, or a record in quarantine, has come. */
export function receiptRoutes(app: App, { warehouse, access, receipts }: ReceiptRoutesOptions): void {
  app.get<{ Params: { receipt: string } }>('/v1/receipts/:receipt', { schema: description }, async (request) => {
    const caller = callerOf(request, access);
    const { receipt } = request.params;
    const parsed = receipts.parse(receipt);
    const found = parsed
      ? ((await readOrder(warehouse, receipt, parsed, receipts)) ?? inFlight(receipt, parsed.revision, receipts))
      : await readQuarantined(warehouse, receipt);
    if (found && (caller.role !== 'ingest' || found.source === caller.source)) return found;
    throw new SlicehouseError(
      'not_found',
      'Nothing that has this receipt is loaded. If it was given out a moment ago, the order is on disk and may be on its way: ask again in a second.',
    );
  });
}

const description = {
  summary: 'How far an order has come',
  description:
    'Takes a receipt, or the id of a record in quarantine. A key of role ingest is told of orders of its own source only.',
  tags: ['orders'],
  response: { 200: ReceiptSchema, default: ProblemSchema },
};

/** Whoever may read reports, and whoever posts orders. */
function callerOf(request: FastifyRequest, access: Access): Caller {
  try {
    return access.require(request, 'read');
  } catch (error) {
    if (error instanceof SlicehouseError && error.code === 'forbidden') return access.require(request, 'ingest');
    throw error;
  }
}

/** One column is searched: the key has no index, because keeping one would cost every load more than this. */
const orderSql = `
  SELECT r.source, r.order_id, r.revision, r.status, r.outcome, r.accepted_at, l.sealed_at, l.loaded_at, l.visible_at
  FROM (
    SELECT source, order_id, revision, status, 'head' AS outcome, accepted_at, segment
    FROM order_head WHERE order_key = CAST($key AS BIGINT)
    UNION ALL
    SELECT source, order_id, revision, status, outcome, accepted_at, segment
    FROM past_record WHERE order_key = CAST($key AS BIGINT)
  ) r
  LEFT JOIN load_ledger l ON l.segment = r.segment
  ORDER BY r.segment`;

async function readOrder(
  warehouse: Warehouse,
  receipt: string,
  { orderKey, revision }: { orderKey: string; revision: number },
  { receiptOf }: ReceiptSource,
): Promise<Receipt | undefined> {
  // Half of the hash found the rows; the receipt has all of it, so that two orders with one key stay two.
  const rows = (await warehouse.query(orderSql, { key: orderKey })).filter(
    (row) =>
      row['revision'] === revision && receiptOf(String(row['source']), String(row['order_id']), revision) === receipt,
  );
  const head = rows.find((row) => row['outcome'] === 'head');
  const told = head ?? rows.find((row) => row['outcome'] === 'replaced') ?? rows[0];
  if (!told) return undefined;
  return {
    receipt,
    order_id: String(told['order_id']),
    revision,
    source: String(told['source']),
    outcome: head ? 'loaded' : 'superseded',
    // A void has the receipt of the order it voids, and is no repetition of it.
    duplicates: rows.length - new Set(rows.map((row) => row['status'])).size,
    ...timesOf(told),
    resolved: null,
  };
}

function inFlight(receipt: string, revision: number, { recent }: ReceiptSource): Receipt | undefined {
  const order = recent(receipt);
  if (!order) return undefined;
  return {
    receipt,
    order_id: order.order_id,
    revision,
    source: order.source,
    outcome: 'in_flight',
    duplicates: 0,
    accepted: new Date(order.acceptedAtMs).toISOString(),
    delivered: null,
    loaded: null,
    visible: null,
    resolved: null,
  };
}

const quarantinedSql = `
  SELECT q.source, q.status, q.arrivals, q.accepted_at, q.resolved_at, l.sealed_at, l.loaded_at, l.visible_at
  FROM quarantine q LEFT JOIN load_ledger l ON l.segment = q.segment
  WHERE q.quarantine_id = $id`;

async function readQuarantined(warehouse: Warehouse, id: string): Promise<Receipt | undefined> {
  const [row] = await warehouse.query(quarantinedSql, { id });
  if (!row) return undefined;
  const status = row['status'];
  return {
    receipt: id,
    order_id: null,
    revision: null,
    source: String(row['source']),
    outcome: status === 'replayed' || status === 'dropped' ? status : 'quarantined',
    duplicates: Number(row['arrivals']) - 1,
    ...timesOf(row),
    resolved: textOrNull(row['resolved_at']),
  };
}

function timesOf(row: Row): Pick<Receipt, 'accepted' | 'delivered' | 'loaded' | 'visible'> {
  return {
    accepted: textOrNull(row['accepted_at']),
    delivered: textOrNull(row['sealed_at']),
    loaded: textOrNull(row['loaded_at']),
    visible: textOrNull(row['visible_at']),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
