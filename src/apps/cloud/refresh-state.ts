import type { RefreshState } from '../../contract/pipeline.ts';
import { Refresh } from '../../refresh/refresh.ts';
import { newestChecks, newestRuns } from '../../refresh/run-history.ts';
import { RunLedger } from '../../refresh/run-ledger.ts';
import { Schedule } from '../../refresh/schedule.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { readOptional } from './environment.ts';
import type { Telemetry } from './telemetry.ts';

const runsShown = 7;
/** The state machine is started at this hour. */
const refreshHour = 2;

/** When the refresh is due: 02:00 on the clock of SLICEHOUSE_REFRESH_ZONE. */
export function refreshSchedule(): Schedule {
  return new Schedule({ hour: refreshHour, timeZone: readOptional('SLICEHOUSE_REFRESH_ZONE', 'America/New_York') });
}

/** The last runs, the data checks and the next run, by the ledger in the warehouse. */
export async function refreshState(warehouse: Warehouse, { log }: Pick<Telemetry, 'log'>): Promise<RefreshState> {
  const ledger = new RunLedger(warehouse, Date.now);
  const refresh = new Refresh({ schedule: refreshSchedule(), ledger, steps: [], log, now: Date.now });
  const [refreshes, checks, next_refresh] = await Promise.all([
    newestRuns(warehouse, runsShown),
    newestChecks(warehouse),
    refresh.next(),
  ]);
  return { refreshes, checks, next_refresh };
}
