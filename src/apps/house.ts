import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { Events } from '../api/events.ts';
import { operationsRoutes } from '../api/operations-routes.ts';
import { reportRoutes } from '../api/report-routes.ts';
import { createVocabulary, defaultSynonyms, type Synonyms } from '../contract/vocabulary.ts';
import { Access } from '../http/access.ts';
import { type App, createApp } from '../http/create-app.ts';
import { Keys } from '../http/keys.ts';
import { quarantineRoutes } from '../ingest/quarantine-routes.ts';
import { ingestRoutes } from '../ingest/routes.ts';
import { Ingest } from '../ingest/take-orders.ts';
import { FreshnessWindow } from '../load/freshness.ts';
import { runLoader } from '../load/loader.ts';
import { BackgroundCompaction } from '../refresh/background-compaction.ts';
import type { Config } from '../runtime/config.ts';
import { createLog, type Log } from '../runtime/log.ts';
import { Metrics } from '../runtime/metrics.ts';
import { referenceRoutes } from '../sources/reference-routes.ts';
import { LocalStream } from '../stream/local/local-stream.ts';
import type { DeliveryStream } from '../stream/stream.ts';
import { DuckdbWarehouse } from '../warehouse/duckdb/duckdb-warehouse.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { dashboardRoutes } from './dashboard-routes.ts';
import { type DataFolder, dataFolder, describeOwner } from './data-folder.ts';
import { readVersion } from './package-file.ts';

const bufferBytesMax = 64 * 1024 * 1024;
const mebibyte = 1024 * 1024;

/** Everything of one data folder, running in this process. */
export interface House {
  readonly app: App;
  readonly config: Config;
  readonly folder: DataFolder;
  readonly log: Log;
  readonly keys: Keys;
  /** Lets commands of the data folder's owner in. */
  readonly localToken: string;
  /** Resolves when everything accepted so far is visible. */
  settled(): Promise<void>;
  /** Stops taking orders, makes the accepted ones visible, closes the files. */
  close(): Promise<void>;
}

/**
 * Opens a data folder: the one place where adapters are chosen and stages put together.
 *
 * @throws Error that names the process which has the folder open already
 */
export async function openHouse(config: Config): Promise<House> {
  const log = createLog(config.logLevel);
  const folder = prepareFolder(config.dataDir);
  const warehouse = await openWarehouse(folder, config);
  const stream = await openStream(folder, config, warehouse, log);
  const metrics = new Metrics();
  const events = new Events();
  const freshness = new FreshnessWindow();
  const compaction = new BackgroundCompaction({
    warehouse,
    log,
    backlog: () => stream.status().unloadedRecords,
    now: Date.now,
  });
  const loader = runLoader({
    stream,
    warehouse,
    freshness,
    log,
    now: Date.now,
    onVisible: (event, entries) => {
      metrics.freshness.observe(event.freshness_ms / 1000);
      metrics.count(entries);
      events.visible(event);
      compaction.loaded(event.orders);
    },
  });
  loader.catch((error: unknown) => log.fatal({ err: error }, 'the loader stopped'));
  const keys = new Keys(folder.path);
  const localToken = randomBytes(24).toString('base64url');
  const parts = { config, folder, log, warehouse, stream, metrics, events, freshness, compaction, keys, localToken };
  const app = await assemble(parts);
  return {
    app,
    config,
    folder,
    log,
    keys,
    localToken,
    settled: () => settled(stream),
    close: async () => {
      events.close();
      await app.close();
      await stream.close();
      await loader;
      await compaction.stop();
      await warehouse.close();
    },
  };
}

function prepareFolder(path: string): DataFolder {
  const folder = dataFolder(resolve(path));
  for (const needed of [folder.path, folder.segments, folder.temporary])
    mkdirSync(needed, { recursive: true, mode: 0o700 });
  return folder;
}

async function openWarehouse(folder: DataFolder, config: Config): Promise<Warehouse> {
  try {
    return await DuckdbWarehouse.open({
      path: folder.warehouse,
      folder: folder.path,
      memoryLimitMb: config.memoryMegabytes,
    });
  } catch (error) {
    const owner = describeOwner(folder);
    if (owner === undefined || !/in use/.test(String(error))) throw error;
    throw new Error(`The data folder ${folder.path} is in use by ${owner}.`, { cause: error });
  }
}

async function openStream(folder: DataFolder, config: Config, warehouse: Warehouse, log: Log): Promise<DeliveryStream> {
  rmSync(folder.temporary, { recursive: true, force: true });
  mkdirSync(folder.temporary, { mode: 0o700 });
  return LocalStream.open({
    folder: folder.segments,
    lastSequence: warehouse.status().lastSegment,
    loaded: (sequences) => warehouse.loaded(sequences),
    sealAfterMs: config.sealAfterMs,
    sealBytes: config.sealMegabytes * mebibyte,
    bufferBytesMax,
    keepBytes: config.keepMegabytes * mebibyte,
    onRecovered: (path, recovered) => log.warn({ path, ...recovered }, 'recovered a segment file'),
  });
}

interface Parts {
  readonly config: Config;
  readonly folder: DataFolder;
  readonly log: Log;
  readonly warehouse: Warehouse;
  readonly stream: DeliveryStream;
  readonly metrics: Metrics;
  readonly events: Events;
  readonly freshness: FreshnessWindow;
  readonly compaction: BackgroundCompaction;
  readonly keys: Keys;
  readonly localToken: string;
}

async function assemble({
  config,
  folder,
  log,
  warehouse,
  stream,
  metrics,
  events,
  freshness,
  compaction,
  keys,
  localToken,
}: Parts): Promise<App> {
  const app = await createApp(log, readVersion());
  const access = new Access({ keys, localToken });
  const vocabulary = createVocabulary(defaultSynonyms, config.synonyms as Synonyms);
  const ingest = new Ingest({ stream, vocabulary, now: Date.now });
  let stopping = false;
  app.addHook('preClose', async () => {
    stopping = true;
  });
  metrics.gauge(
    'slicehouse_segments_waiting',
    'Sealed segment files not yet loaded',
    () => stream.status().waitingSegments,
  );
  metrics.gauge('slicehouse_buffered_bytes', 'Bytes accepted and not yet durable', () => stream.status().bufferedBytes);
  ingestRoutes(app, ingest, access);
  quarantineRoutes(app, ingest, access);
  referenceRoutes(app, warehouse, access, folder.temporary);
  reportRoutes(app, { warehouse, access, exportFolder: folder.temporary });
  operationsRoutes(app, {
    warehouse,
    access,
    events,
    metrics,
    pipeline: () => ({ freshness: freshness.figures(), backlog: stream.status(), compaction: compaction.status() }),
    ready: () => !stopping,
  });
  await dashboardRoutes(app);
  await app.ready();
  return app;
}

async function settled(stream: DeliveryStream): Promise<void> {
  for (;;) {
    const { bufferedBytes, unloadedRecords } = stream.status();
    if (bufferedBytes === 0 && unloadedRecords === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
