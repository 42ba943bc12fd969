import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BatchAnswer, Rejection } from '../contract/answers.ts';
import type { Order } from '../contract/order.ts';
import type { Store } from '../contract/reference.ts';
import { importOrders } from './import-orders.ts';
import { readMapping } from './read-mapping.ts';
import type { ImportSink, Reject } from './sink.ts';

/** A sink that keeps what it is sent, for tests. */
export interface Collected extends ImportSink {
  readonly orders: Order[];
  readonly origins: string[];
  readonly rejects: Reject[];
  readonly stores: Store[];
  /** Bytes and orders of every batch. */
  readonly batches: { bytes: number; orders: number }[];
}

/** Makes a sink that takes every order but those that `refuse` gives a rejection for. */
export function collect(refuse: (order: Order) => Omit<Rejection, 'line'> | undefined = () => undefined): Collected {
  const [orders, origins, rejects, stores, batches]: [Order[], string[], Reject[], Store[], Collected['batches']] = [
    [],
    [],
    [],
    [],
    [],
  ];
  return {
    orders,
    origins,
    rejects,
    stores,
    batches,
    postOrders(ndjson, from): Promise<BatchAnswer> {
      const posted = parseLines<Order>(ndjson);
      const rejected = posted.flatMap((order, index) => {
        const refused = refuse(order);
        return refused ? [{ line: index + 1, ...refused }] : [];
      });
      const lines = new Set(rejected.map(({ line }) => line));
      orders.push(...posted.filter((_, index) => !lines.has(index + 1)));
      origins.push(...from);
      batches.push({ bytes: Buffer.byteLength(ndjson), orders: posted.length });
      return Promise.resolve({ accepted: posted.length - rejected.length, rejected });
    },
    quarantine(more) {
      rejects.push(...more);
      return Promise.resolve();
    },
    putStores(ndjson) {
      stores.push(...parseLines<Store>(ndjson));
      return Promise.resolve();
    },
  };
}

/** Imports files that are made for the purpose, name and content each, with a mapping in YAML. */
export async function importFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  mapping: string,
): Promise<Collected> {
  const folder = await mkdtemp(join(tmpdir(), 'slicehouse-layout-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    const sink = collect();
    const paths = Object.keys(files).map((name) => join(folder, name));
    await importOrders({ files: paths, mapping: readMapping(mapping, 'mapping.yaml') }, sink);
    return sink;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function parseLines<T>(ndjson: string): T[] {
  return ndjson
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}
