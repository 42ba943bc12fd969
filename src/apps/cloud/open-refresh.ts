import { Refresh, type RefreshResult, type RefreshStep } from '../../refresh/refresh.ts';
import { RunLedger } from '../../refresh/run-ledger.ts';
import { checksStep, compactionStep } from '../../refresh/steps.ts';
import { removeResolvedQuarantine } from '../../warehouse/quarantined-records.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { s3Client } from './aws-clients.ts';
import { curatedStep } from './curated.ts';
import { readSettings } from './environment.ts';
import { importedStep } from './imported-reference.ts';
import { openWarehouse } from './open-warehouse.ts';
import { refreshSchedule } from './refresh-state.ts';
import { scratchFolder } from './scratch-folder.ts';
import type { Telemetry } from './telemetry.ts';

/** What the state machine asks: whether a run is due by the ledger, or to run what is due. */
export interface RefreshRequest {
  readonly action: 'due' | 'run';
}

/** Whether a run is due, what a run came to, or that there was none to do. */
export type RefreshAnswer = { readonly due: boolean } | RefreshResult | { readonly status: 'not_due' };

/** Replayed and dropped records stay in quarantine for so long. */
const quarantineDays = 90;
const dayMs = 86_400_000;

/** The daily refresh: the steps after MySQL and the census have been read, once a business date by the ledger. */
export async function openRefresh(telemetry: Telemetry): Promise<(request: RefreshRequest) => Promise<RefreshAnswer>> {
  const warehouse = await openWarehouse(telemetry);
  const ledger = new RunLedger(warehouse, Date.now);
  const open = (): Refresh =>
    new Refresh({
      schedule: refreshSchedule(),
      ledger,
      steps: stepsOf(warehouse, telemetry),
      log: telemetry.log,
      now: Date.now,
    });
  return async ({ action }) => {
    if (action === 'due') return { due: Date.parse((await open().next()).at) <= Date.now() };
    if (action === 'run') return run(open(), ledger, telemetry);
    throw new Error(`The refresh is asked { "action": "due" } or { "action": "run" }, not ${JSON.stringify(action)}.`);
  };
}

/** @throws Error when a step failed, so that the state machine tries again */
async function run(refresh: Refresh, ledger: RunLedger, { count }: Telemetry): Promise<RefreshAnswer> {
  // One runs at a time, so that what is still open was left by a function that was stopped.
  await ledger.closeInterrupted();
  const result = await refresh.runIfDue();
  if (!result) return { status: 'not_due' };
  if (result.status === 'failed')
    throw new Error(`The refresh of ${result.business_date} failed; refresh_step of run ${result.run_id} says why.`);
  count('RefreshCompleted', 1);
  return result;
}

function stepsOf(warehouse: Warehouse, telemetry: Telemetry): RefreshStep[] {
  const { bucket } = readSettings(['bucket']);
  const curated = { s3: s3Client(telemetry), bucket, warehouse, folder: scratchFolder(), now: Date.now };
  return [
    importedStep(curated),
    curatedStep(curated),
    compactionStep(warehouse),
    checksStep(warehouse, (results) => {
      const bad = results.filter(({ status }) => status !== 'passed');
      if (bad.length > 0) telemetry.logger.warn('data checks', { bad });
    }),
    {
      name: 'retention',
      async run() {
        await removeResolvedQuarantine(warehouse, new Date(Date.now() - quarantineDays * dayMs));
        return { rows: null };
      },
    },
  ];
}
