import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { s3Client } from './cloud/aws-clients.ts';
import { readSettings } from './cloud/environment.ts';
import { ObjectLoader, type Reconciled, type ReconcileRequest } from './cloud/object-loader.ts';
import { once } from './cloud/once.ts';
import { openWarehouse } from './cloud/open-warehouse.ts';
import { createTelemetry } from './cloud/telemetry.ts';

const telemetry = createTelemetry('load');
const open = once(async () => {
  const { bucket } = readSettings(['bucket']);
  return new ObjectLoader({ warehouse: await openWarehouse(telemetry), s3: s3Client(telemetry), bucket, telemetry });
});

/** Loads what S3 notifications in SQS messages tell of; or, asked to reconcile, what they never told of. */
export const handler = telemetry.handler(
  async (event: SQSEvent | ReconcileRequest, context: Context): Promise<SQSBatchResponse | Reconciled> => {
    const loader = await open().catch((error: unknown) => {
      telemetry.count('LoaderFailures', 1);
      throw error;
    });
    const timeLeftMs = (): number => context.getRemainingTimeInMillis();
    return 'action' in event ? loader.reconcile(event, timeLeftMs) : loader.loadNotified(event, timeLeftMs);
  },
);
