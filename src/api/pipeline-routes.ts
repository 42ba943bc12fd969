import { ProblemSchema } from '../contract/answers.ts';
import {
  type ArchiveSummary,
  type CompactionState,
  type PipelineAnswer,
  PipelineSchema,
  type RefreshState,
} from '../contract/pipeline.ts';
import type { Access } from '../http/access.ts';
import type { App } from '../http/create-app.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { readBooks } from './books.ts';

/** What the route tells of, gathered by whoever composes the process. */
export interface PipelineRoutesOptions {
  readonly warehouse: Warehouse;
  readonly access: Access;
  /** Figures of the stages before the warehouse. */
  readonly stages: () => Pick<PipelineAnswer, 'freshness' | 'backlog'>;
  /** Null when there is no archive; absent when this house has none. */
  readonly archive?: () => Promise<ArchiveSummary | null>;
  /** Null before the first; absent when this house brings nothing into order. */
  readonly compaction?: () => CompactionState | null;
  /** Absent when this house refreshes nothing. */
  readonly refreshing?: () => Promise<RefreshState>;
  readonly now?: () => number;
}

const noRefresh: RefreshState = { refreshes: [], checks: [], next_refresh: null };

/** `GET /v1/pipeline`: freshness, backlog, quarantine, books that show what became of every record, the refresh. */
export function pipelineRoutes(app: App, options: PipelineRoutesOptions): void {
  const { warehouse, access, now = Date.now } = options;
  const schema = {
    summary: 'Freshness, backlog, quarantine, books, refreshes and data checks',
    tags: ['operations'],
    response: { 200: PipelineSchema, default: ProblemSchema },
  };
  app.get('/v1/pipeline', { schema, compress: { threshold: 1024 } }, async (request): Promise<PipelineAnswer> => {
    access.require(request, 'read');
    const { visibleThrough, dataVersion } = warehouse.status();
    const stages = options.stages();
    const inFlight = stages.backlog.unloadedRecords;
    const [quarantine, books, archive = null, refreshing = noRefresh] = await Promise.all([
      countQuarantine(warehouse),
      readBooks(warehouse, inFlight, now()),
      options.archive?.(),
      options.refreshing?.(),
    ]);
    return {
      visible_through: visibleThrough,
      data_version: dataVersion,
      ...stages,
      quarantine,
      in_flight: inFlight,
      ...books,
      archive,
      compaction: options.compaction?.() ?? null,
      ...refreshing,
    };
  });
}

async function countQuarantine(warehouse: Warehouse): Promise<PipelineAnswer['quarantine']> {
  const rows = await warehouse.query('SELECT status, COUNT(*) AS records FROM quarantine GROUP BY status');
  const of = (status: string): number => Number(rows.find((row) => row['status'] === status)?.['records'] ?? 0);
  return { waiting: of('waiting'), replayed: of('replayed'), dropped: of('dropped') };
}
