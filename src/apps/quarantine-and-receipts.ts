import { quarantineReadingRoutes } from '../api/quarantine-routes.ts';
import { receiptRoutes } from '../api/receipt-routes.ts';
import type { Access } from '../http/access.ts';
import type { App } from '../http/create-app.ts';
import { orderIdentity, parseReceipt } from '../ingest/order-identity.ts';
import { Quarantine } from '../ingest/quarantine.ts';
import { quarantineRoutes } from '../ingest/quarantine-routes.ts';
import type { Ingest } from '../ingest/take-orders.ts';
import type { RecordAppender } from '../stream/stream.ts';
import { QuarantinedRecords } from '../warehouse/quarantined-records.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

interface Parts {
  readonly ingest: Ingest;
  readonly access: Access;
  readonly warehouse: Warehouse;
  readonly stream: RecordAppender;
  /** Resolves when all that an earlier run accepted is loaded. */
  readonly recovered: () => Promise<void>;
}

/** What becomes of records: the ways in and out of quarantine, and receipts. */
export function quarantineAndReceipts(app: App, { ingest, access, warehouse, stream, recovered }: Parts): void {
  const records = new QuarantinedRecords(warehouse);
  const quarantine = new Quarantine({ ingest, stream, records, recovered, now: Date.now });
  quarantineRoutes(app, ingest, quarantine, access);
  quarantineReadingRoutes(app, {
    warehouse,
    access,
    faults: (bytes, source) => quarantine.faults(bytes, source),
  });
  receiptRoutes(app, {
    warehouse,
    access,
    receipts: {
      parse: parseReceipt,
      receiptOf: (source, orderId, revision) => orderIdentity(source, orderId, revision).receipt,
      recent: (receipt) => ingest.recent.find(receipt),
    },
  });
}
