import { ArchiveReader } from '../api/archive-summary.ts';
import { pipelineRoutes } from '../api/pipeline-routes.ts';
import { verifyRoutes } from '../api/verify-routes.ts';
import { archivePaths } from '../archive/manifest.ts';
import type { CompactionState, PipelineAnswer, RefreshState } from '../contract/pipeline.ts';
import type { Access } from '../http/access.ts';
import type { App } from '../http/create-app.ts';
import { LocalSegmentFolder } from '../stream/local/local-segment-folder.ts';
import { verifyBooks } from '../verify/verify-books.ts';
import type { AuditableWarehouse } from '../warehouse/audit.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { archiveFolder, type DataFolder } from './data-folder.ts';

interface Parts {
  readonly access: Access;
  readonly warehouse: Warehouse & AuditableWarehouse;
  readonly folder: DataFolder;
  readonly stages: () => Pick<PipelineAnswer, 'freshness' | 'backlog'>;
  readonly compaction?: () => CompactionState | null;
  readonly refreshing?: () => Promise<RefreshState>;
}

/** The books of a data folder: what the pipeline tells of them, and their proof from the files. */
export function books(app: App, { folder, ...parts }: Parts): void {
  const archive = new ArchiveReader(archivePaths(archiveFolder(folder)).manifests);
  pipelineRoutes(app, { ...parts, archive: () => archive.summary() });
  const segments = new LocalSegmentFolder(folder.segments);
  verifyRoutes(app, {
    access: parts.access,
    verify: (onProgress, signal) =>
      verifyBooks({ warehouse: parts.warehouse, segments, archiveFolder: archiveFolder(folder), onProgress, signal }),
  });
}
