import type { ApiStack } from '../stacks/api-stack.ts';
import type { DashboardStack } from '../stacks/dashboard-stack.ts';
import type { IngestStack } from '../stacks/ingest-stack.ts';
import type { LoadStack } from '../stacks/load-stack.ts';
import type { RefreshStack } from '../stacks/refresh-stack.ts';
import type { SourcesStack } from '../stacks/sources-stack.ts';
import type { StreamStack } from '../stacks/stream-stack.ts';
import type { WarehouseStack } from '../stacks/warehouse-stack.ts';

/** Everything that is watched. */
export interface Stages {
  readonly ingest: IngestStack;
  readonly stream: StreamStack;
  readonly load: LoadStack;
  readonly warehouse: WarehouseStack;
  readonly sources: SourcesStack;
  readonly refresh: RefreshStack;
  readonly api: ApiStack;
  readonly dashboard: DashboardStack;
}
