import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refreshRoutes } from '../api/refresh-routes.ts';
import type { RefreshState } from '../contract/pipeline.ts';
import type { CheckResult } from '../contract/refresh.ts';
import type { ReferenceReads } from '../contract/report.ts';
import type { Access } from '../http/access.ts';
import type { App } from '../http/create-app.ts';
import { type Alert, alertOf, sendAlert } from '../refresh/alert.ts';
import { type CensusVintage, censusStep, importVintage } from '../refresh/census-step.ts';
import { Refresh, type RefreshResult, type RefreshStep } from '../refresh/refresh.ts';
import { newestChecks, newestRuns } from '../refresh/run-history.ts';
import { RunLedger } from '../refresh/run-ledger.ts';
import { Schedule } from '../refresh/schedule.ts';
import { SourceReads } from '../refresh/source-reads.ts';
import { sourceStep } from '../refresh/source-step.ts';
import { checksStep, compactionStep, statisticsStep } from '../refresh/steps.ts';
import type { Config } from '../runtime/config.ts';
import type { Log } from '../runtime/log.ts';
import { fetchVintage } from '../sources/census/fetch-vintage.ts';
import { censusFiles } from '../sources/census/vintage.ts';
import { FileSource } from '../sources/files/file-source.ts';
import { MySqlSource } from '../sources/mysql/mysql-source.ts';
import { readMySqlMapping } from '../sources/mysql/read-mapping.ts';
import type { ReferenceSource } from '../sources/source.ts';
import { removeResolvedQuarantine } from '../warehouse/quarantined-records.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Archiving } from './archiving.ts';
import type { DataFolder } from './data-folder.ts';

export interface RefreshingOptions {
  readonly config: Config;
  readonly folder: DataFolder;
  readonly warehouse: Warehouse;
  readonly archiving: Archiving;
  readonly log: Log;
  readonly onFinished: (result: RefreshResult) => void;
}

const censusAddress = 'https://api.census.gov/';
const dayMs = 86_400_000;

/** The daily refresh of a data folder. */
export interface Refreshing {
  readonly refresh: Refresh;
  /** The last runs, the data checks, and the next run. */
  state(): Promise<RefreshState>;
  /** When stores and customers were last read; undefined when no source is configured. */
  reference(): ReferenceReads | undefined;
  routes(app: App, access: Access): void;
}

/**
 * Puts the refresh together from what the settings name, and sees to it that there are census figures.
 *
 * @throws SourceError when the mapping of a database has mistakes
 */
export async function openRefreshing(options: RefreshingOptions): Promise<Refreshing> {
  const { config, warehouse, log, folder } = options;
  const ledger = new RunLedger(warehouse, Date.now);
  const source = sourceOf(config);
  const reads = new SourceReads({ warehouse, source, now: Date.now });
  await reads.look();
  let checks: readonly CheckResult[] = [];
  const steps = stepsOf(options, source, (results) => {
    checks = results;
  });
  const refresh = new Refresh({
    schedule: new Schedule({ hour: config.refreshHour, timeZone: config.refreshZone }),
    ledger,
    steps,
    log,
    now: Date.now,
    onFinished: async (result) => {
      await told(result, reads, options);
      void alert(config.alertWebhook, result, checks, ledger, log);
      checks = [];
    },
  });
  const [known] = await warehouse.query('SELECT COUNT(*) AS states FROM census_state');
  if (known?.['states'] === 0) await importVintage(warehouse, await currentVintage(folder), folder.temporary);
  return {
    refresh,
    state: () => refreshState(warehouse, refresh),
    reference: () => reads.reads(),
    routes: (app, access) =>
      refreshRoutes(app, {
        access,
        steps: steps.map(({ name }) => name),
        run: (listen, only) => refresh.runByHand(listen, only),
      }),
  };
}

const runsShown = 7;

async function refreshState(warehouse: Warehouse, refresh: Refresh): Promise<RefreshState> {
  const [refreshes, checks, next_refresh] = await Promise.all([
    newestRuns(warehouse, runsShown),
    newestChecks(warehouse),
    refresh.next(),
  ]);
  return { refreshes, checks, next_refresh };
}

/** Pages that hear of the end of a refresh ask for reports again: those know by then what was read. */
async function told(result: RefreshResult, reads: SourceReads, { log, onFinished }: RefreshingOptions): Promise<void> {
  try {
    await reads.look();
  } catch (error) {
    log.error({ err: error }, 'when stores and customers were last read is not known until the next refresh');
  }
  onFinished(result);
}

function stepsOf(
  { config, folder, warehouse, archiving }: RefreshingOptions,
  source: ReferenceSource | undefined,
  onChecked: (results: readonly CheckResult[]) => void,
): RefreshStep[] {
  return [
    sourceStep({
      source,
      warehouse,
      sink: archiving.reference,
      folder: folder.temporary,
      statePath: join(folder.path, 'sources.json'),
      now: Date.now,
    }),
    censusStep({
      warehouse,
      folder: folder.temporary,
      current: () => currentVintage(folder),
      fetchNewer: config.censusKey === '' ? undefined : fetchNewer(config.censusKey, folder),
    }),
    compactionStep(warehouse),
    checksStep(warehouse, onChecked),
    statisticsStep(warehouse),
    retentionStep(config, warehouse),
    archiveStep(archiving),
  ];
}

function sourceOf({ mysqlMapping, sourceFolder }: Config): ReferenceSource | undefined {
  if (mysqlMapping !== '') {
    const mapping = readMySqlMapping(readFileSync(mysqlMapping, 'utf8'), mysqlMapping);
    return new MySqlSource({ mapping, environment: process.env });
  }
  return sourceFolder === '' ? undefined : new FileSource({ folder: sourceFolder });
}

const censusFolder = ({ path }: DataFolder): string => join(path, 'census');

async function currentVintage(folder: DataFolder): Promise<CensusVintage> {
  const { manifest, files } = await censusFiles(censusFolder(folder));
  const table = (name: keyof typeof files) => ({ path: files[name], rows: manifest.rows[name] });
  return {
    vintage: manifest.vintage,
    tables: {
      census_state: table('census_state'),
      census_county: table('census_county'),
      census_place: table('census_place'),
      census_zip: table('census_zip'),
    },
  };
}

function fetchNewer(key: string, folder: DataFolder) {
  return async (progress: (done: number, total: number) => void, signal: AbortSignal): Promise<void> => {
    // The survey of a year is published in December of the next.
    const year = new Date().getUTCFullYear() - 2;
    await fetchVintage({
      key,
      baseUrl: censusAddress,
      year,
      folder: censusFolder(folder),
      signal,
      onProgress: ({ done, total }) => progress(done, total),
    });
  };
}

/** Takes records out of quarantine that were replayed or dropped long ago. */
function retentionStep({ quarantineDays }: Config, warehouse: Warehouse): RefreshStep {
  return {
    name: 'retention',
    async run() {
      await removeResolvedQuarantine(warehouse, new Date(Date.now() - quarantineDays * dayMs));
      return { rows: null };
    },
  };
}

/** Makes Parquet of the loaded segment files. */
function archiveStep({ archive }: Archiving): RefreshStep {
  return {
    name: 'archive',
    async run() {
      await archive.archiveAll();
      return { rows: null };
    },
  };
}

async function alert(
  url: string,
  result: RefreshResult,
  checks: readonly CheckResult[],
  ledger: RunLedger,
  log: Log,
): Promise<void> {
  if (url === '') return;
  const [run] = await ledger.newest(1);
  const failed: Alert['steps'] = run?.steps.filter(({ status }) => status === 'failed') ?? [];
  const message = alertOf(result, checks, failed);
  if (message) await sendAlert(url, message, log);
}
