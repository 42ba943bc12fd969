/** Where reference data goes: files of normalised NDJSON, inserted or replaced as a whole or not at all. */
export interface ReferenceSink {
  upsertStores(path: string): Promise<void>;
  upsertCustomers(path: string): Promise<void>;
}
