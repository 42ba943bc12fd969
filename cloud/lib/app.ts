import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readEnvironment } from './environment.ts';
import { ApiStack } from './stacks/api-stack.ts';
import { DashboardStack } from './stacks/dashboard-stack.ts';
import { IngestStack } from './stacks/ingest-stack.ts';
import { LoadStack } from './stacks/load-stack.ts';
import { MonitoringStack } from './stacks/monitoring-stack.ts';
import { NetworkStack } from './stacks/network-stack.ts';
import { RefreshStack } from './stacks/refresh-stack.ts';
import { SecurityStack } from './stacks/security-stack.ts';
import { SourcesStack } from './stacks/sources-stack.ts';
import { StreamStack } from './stacks/stream-stack.ts';
import { WarehouseStack } from './stacks/warehouse-stack.ts';

/**
 * The app: one stack a stage, each given the stacks it builds on, and cdk-nag's findings as errors. The functions
 * must have been bundled before.
 */
export function createApp(props: AppProps = {}): App {
  const app = new App(props);
  const environment = readEnvironment(app.node);
  const security = new SecurityStack(app, { environment });
  const network = new NetworkStack(app, { environment, security });
  const stream = new StreamStack(app, { environment, security });
  const warehouse = new WarehouseStack(app, { environment, network, security, stream });
  const ingest = new IngestStack(app, { environment, security, stream });
  const load = new LoadStack(app, { environment, security, stream, warehouse });
  const sources = new SourcesStack(app, { environment, network, security, stream, warehouse });
  const refresh = new RefreshStack(app, { environment, security, stream, warehouse, sources });
  const api = new ApiStack(app, { environment, security, stream, warehouse });
  const dashboard = new DashboardStack(app, { environment, security, ingest, api });
  new MonitoringStack(app, {
    environment,
    security,
    stream,
    ingest,
    load,
    warehouse,
    sources,
    refresh,
    api,
    dashboard,
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  return app;
}
