import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { Events } from '../api/events.ts';
import { operationsRoutes } from '../api/operations-routes.ts';
import { reportRoutes } from '../api/report-routes.ts';
import { refuseUnfinished } from '../backup/restore-marker.ts';
import { createVocabulary, defaultSynonyms, type Synonyms } from '../contract/vocabulary.ts';
import { Access } from '../http/access.ts';
import { type App, createApp } from '../http/create-app.ts';
import { Keys } from '../http/keys.ts';
import { ingestRoutes } from '../ingest/routes.ts';
import { Ingest } from '../ingest/take-orders.ts';
import { FreshnessWindow } from '../load/freshness.ts';
import { runLoader } from '../load/loader.ts';
import { BackgroundCompaction } from '../refresh/background-compaction.ts';
import { Clock } from '../runtime/clock.ts';
import type { Config } from '../runtime/config.ts';
import { createLog, type Log } from '../runtime/log.ts';
import { Metrics } from '../runtime/metrics.ts';
import { referenceRoutes } from '../sources/reference-routes.ts';
import { LocalStream } from '../stream/local/local-stream.ts';
import type { DeliveryStream } from '../stream/stream.ts';
import { DuckdbWarehouse } from '../warehouse/duckdb/duckdb-warehouse.ts';
import { type Archiving, openArchiving } from './archiving.ts';
import { addStreamGauges, applyBackPressure } from './back-pressure.ts';
import { books } from './books.ts';
import { dashboardRoutes } from './dashboard-routes.ts';
import { type DataFolder, dataFolder, describeOwner } from './data-folder.ts';
import { zipCodeMatchRates } from './geography.ts';
import { forgetBeforeRebuild, refuseLostWarehouse, waysBack } from './lost-warehouse.ts';
import { readVersion } from './package-file.ts';
import { quarantineAndReceipts } from './quarantine-and-receipts.ts';
import { recovery } from './recovery.ts';
import { openRefreshing, type Refreshing } from './refreshing.ts';

const bufferBytesMax = 64 * 1024 * 1024;
const mebibyte = 1024 * 1024;
/** Parsing a byte of a segment file takes up to so many bytes of the warehouse's memory. */
const memoryPerLoadedByte = 24;

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
  /** Begins to run the refresh whenever it is due; for processes that stay. */
  startRefreshing(): Promise<void>;
  /** Archives every loaded segment file now. */
  archiveAll(): Promise<void>;
  /** Stops taking orders, makes the accepted ones visible, closes the files. */
  close(): Promise<void>;
}

/**
 * Opens a data folder: the one place where adapters are chosen and stages put together.
 *
 * @throws Error that names the process which has the folder open already
 */
export async function openHouse(config: Config): Promise<House> {
  const parts = await openParts(config);
  const { folder, log, stream, events, archiving, compaction, refreshing, warehouse, keys, localToken } = parts;
  const loader = startLoader(parts);
  const app = await assemble(parts);
  return {
    app,
    config,
    folder,
    log,
    keys,
    localToken,
    settled: () => settled(stream),
    startRefreshing: () => refreshing.refresh.start(),
    archiveAll: () => archiving.archive.archiveAll(),
    close: async () => {
      events.close();
      await app.close();
      await stream.close();
      await loader;
      await compaction.stop();
      await refreshing.refresh.stop();
      await archiving.archive.close();
      await warehouse.close();
    },
  };
}

/** Everything that stages are put together from. */
async function openParts(config: Config): Promise<Parts> {
  const log = createLog(config.logLevel);
  const folder = prepareFolder(config.dataDir);
  const warehouse = await openWarehouse(folder, config);
  const archiving = await openArchiving({ folder, config, warehouse, log });
  const stream = await openStream({ folder, config, warehouse, log, archiving });
  await archiving.begin(stream);
  const recovered = await recovery(stream, warehouse);
  const metrics = new Metrics();
  const events = new Events();
  const freshness = new FreshnessWindow();
  const clock = new Clock();
  const compaction = new BackgroundCompaction({
    warehouse,
    log,
    backlog: () => stream.status().unloadedRecords,
    now: Date.now,
  });
  const refreshing = await openRefreshing({
    config,
    folder,
    warehouse,
    archiving,
    log,
    onFinished: (result) => events.refreshed(result),
  });
  const keys = new Keys(folder.path);
  const localToken = randomBytes(24).toString('base64url');
  return {
    config,
    folder,
    log,
    warehouse,
    stream,
    archiving,
    recovered,
    metrics,
    events,
    freshness,
    clock,
    compaction,
    refreshing,
    keys,
    localToken,
  };
}

function prepareFolder(path: string): DataFolder {
  const folder = dataFolder(resolve(path));
  refuseUnfinished(folder.path);
  try {
    for (const needed of [folder.path, folder.segments, folder.temporary]) {
      mkdirSync(needed, { recursive: true, mode: 0o700 });
      accessSync(needed, constants.W_OK);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const cure = 'Mend its permissions, or name another with --data-dir.';
    throw new Error(`The data folder ${folder.path} cannot be written (${code}). ${cure}`, { cause: error });
  }
  return folder;
}

async function openWarehouse(folder: DataFolder, config: Config): Promise<DuckdbWarehouse> {
  refuseLostWarehouse(folder);
  try {
    const warehouse = await DuckdbWarehouse.open({
      path: folder.warehouse,
      folder: folder.path,
      memoryLimitMb: config.memoryMegabytes,
    });
    forgetBeforeRebuild(folder);
    return warehouse;
  } catch (error) {
    if (/cannot be opened/.test(String(error)))
      throw new Error(`${(error as Error).message}\n${waysBack(folder)}`, { cause: error });
    const owner = describeOwner(folder);
    if (owner === undefined || !/in use/.test(String(error))) throw error;
    throw new Error(`The data folder ${folder.path} is in use by ${owner}.`, { cause: error });
  }
}

type StreamParts = Pick<Parts, 'folder' | 'config' | 'warehouse' | 'log' | 'archiving'>;

async function openStream({ folder, config, warehouse, log, archiving }: StreamParts): Promise<DeliveryStream> {
  rmSync(folder.temporary, { recursive: true, force: true });
  mkdirSync(folder.temporary, { mode: 0o700 });
  return LocalStream.open({
    folder: folder.segments,
    lastSequence: Math.max(warehouse.status().lastSegment, archiving.archive.lastSequence),
    onLoaded: (files) => archiving.archive.keep(files),
    loaded: (sequences) => warehouse.loaded(sequences),
    sealAfterMs: config.sealAfterMs,
    sealBytes: config.sealMegabytes * mebibyte,
    bufferBytesMax,
    backlogBytesMax: config.backlogMegabytes * mebibyte,
    reserveBytes: config.reserveMegabytes * mebibyte,
    onRecovered: (path, recovered) => log.warn({ path, ...recovered }, 'recovered a segment file'),
    onUnreadable: (path, error) => log.error({ path, err: error }, 'a segment file cannot be read; the rest goes on'),
    onRefusing: (refusal) => {
      if (refusal) log.warn({ code: refusal.code }, `orders are refused: ${refusal.message}`);
      else log.warn('orders are taken again');
    },
  });
}

interface Parts {
  readonly config: Config;
  readonly folder: DataFolder;
  readonly log: Log;
  readonly warehouse: DuckdbWarehouse;
  readonly stream: DeliveryStream;
  readonly archiving: Archiving;
  readonly recovered: () => Promise<void>;
  readonly metrics: Metrics;
  readonly events: Events;
  readonly freshness: FreshnessWindow;
  readonly clock: Clock;
  readonly compaction: BackgroundCompaction;
  readonly refreshing: Refreshing;
  readonly keys: Keys;
  readonly localToken: string;
}

async function assemble({
  config,
  folder,
  log,
  warehouse,
  stream,
  archiving,
  recovered,
  metrics,
  events,
  freshness,
  clock,
  compaction,
  refreshing,
  keys,
  localToken,
}: Parts): Promise<App> {
  const app = await createApp(log, readVersion());
  applyBackPressure(app, stream);
  const access = new Access({ keys, localToken });
  const vocabulary = createVocabulary(defaultSynonyms, config.synonyms as Synonyms);
  const ingest = new Ingest({ stream, vocabulary, now: () => clock.now() });
  let stopping = false;
  app.addHook('preClose', async () => {
    stopping = true;
  });
  addStreamGauges(metrics, stream);
  ingestRoutes(app, ingest, access);
  quarantineAndReceipts(app, { ingest, access, warehouse, stream, recovered });
  referenceRoutes(app, {
    sink: archiving.reference,
    access,
    folder: folder.temporary,
    matchRate: () => zipCodeMatchRates(warehouse),
  });
  reportRoutes(app, { warehouse, access, exportFolder: folder.temporary, reference: () => refreshing.reference() });
  books(app, {
    access,
    warehouse,
    folder,
    stages: () => ({ freshness: freshness.figures(), backlog: stream.status() }),
    compaction: () => compaction.status(),
    refreshing: () => refreshing.state(),
  });
  refreshing.routes(app, access);
  operationsRoutes(app, {
    warehouse,
    access,
    events,
    metrics,
    ready: () => {
      const refusal = stream.refusal();
      if (refusal) throw refusal;
      return !stopping;
    },
  });
  await dashboardRoutes(app);
  await app.ready();
  return app;
}

function startLoader({
  config,
  stream,
  warehouse,
  freshness,
  log,
  clock,
  metrics,
  events,
  compaction,
}: Parts): Promise<void> {
  const loader = runLoader({
    stream,
    warehouse,
    freshness,
    log,
    clock,
    loadBytesMax: (config.memoryMegabytes * mebibyte) / memoryPerLoadedByte,
    onVisible: (event, entries) => {
      metrics.freshness.observe(event.freshness_ms / 1000);
      metrics.count(entries);
      events.visible(event);
      compaction.loaded(event.orders);
    },
  });
  loader.catch((error: unknown) => log.fatal({ err: error }, 'the loader stopped'));
  return loader;
}

async function settled(stream: DeliveryStream): Promise<void> {
  for (;;) {
    const { bufferedBytes, unloadedRecords } = stream.status();
    if (bufferedBytes === 0 && unloadedRecords === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
