/** What PutRecordBatch takes: records a call, bytes a record and bytes a call, before they are encoded. */
export const putLimits = { records: 500, recordBytes: 1_000 * 1_024, callBytes: 4_000_000 } as const;

/** Records in the order they came, in as few calls as the limits allow; none of them may be over the limit for one. */
export function* putBatches(records: Iterable<Buffer>): Generator<Buffer[]> {
  let batch: Buffer[] = [];
  let bytes = 0;
  for (const record of records) {
    if (batch.length === putLimits.records || (batch.length > 0 && bytes + record.length > putLimits.callBytes)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(record);
    bytes += record.length;
  }
  if (batch.length > 0) yield batch;
}
