import { ProblemSchema } from '../contract/answers.ts';
import {
  type ArchiveSummary,
  type CompactionState,
  type PipelineAnswer,
  PipelineSchema,
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
  /** The last refreshes, the newest first. */
  readonly refreshes?: () => Promise<unknown[]>;
  readonly now?: () => number;
}

/** `GET /v1/pipeline`: freshness, backlog, quarantine, and books that show what became of every record. */
export function pipelineRoutes(app: App, options: PipelineRoutesOptions): void {
  const { warehouse, access, now = Date.now } = options;
  const schema = {
    summary: 'Freshness, backlog, quarantine and books',
    tags: ['operations'],
    response: { 200: PipelineSchema, default: ProblemSchema },
  };
  app.get('/v1/pipeline', { schema }, async (request): Promise<PipelineAnswer> => {
    access.require(request, 'read');
    const { visibleThrough, dataVersion } = warehouse.status();
    const stages = options.stages();
    const inFlight = stages.backlog.unloadedRecords;
    const [quarantine, books, archive = null, refreshes = []] = await Promise.all([
      countQuarantine(warehouse),
      readBooks(warehouse, inFlight, now()),
      options.archive?.(),
      options.refreshes?.(),
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
      refreshes,
    };
  });
}

async function countQuarantine(warehouse: Warehouse): Promise<PipelineAnswer['quarantine']> {
  const rows = await warehouse.query('SELECT status, COUNT(*) AS records FROM quarantine GROUP BY status');
  const of = (status: string): number => Number(rows.find((row) => row['status'] === status)?.['records'] ?? 0);
  return { waiting: of('waiting'), replayed: of('replayed'), dropped: of('dropped') };
}
