import { recordType } from '../../stream/firehose/firehose-stream.ts';
import type { RecordAppender } from '../../stream/stream.ts';
import type { Telemetry } from './telemetry.ts';

/** Counts orders and rejects once they are durable. */
export function metered(stream: RecordAppender, { count }: Pick<Telemetry, 'count'>): RecordAppender {
  return {
    async append(records) {
      await stream.append(records);
      const types = records.map(recordType);
      count('OrdersAccepted', types.filter((type) => type === 'order').length);
      count('OrdersRejected', types.filter((type) => type === 'reject').length);
    },
  };
}
