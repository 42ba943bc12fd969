import { pipelineRoutes } from '../../api/pipeline-routes.ts';
import { reportRoutes } from '../../api/report-routes.ts';
import type { PipelineAnswer } from '../../contract/pipeline.ts';
import type { RedshiftWarehouse } from '../../warehouse/redshift/redshift-warehouse.ts';
import { quarantineAndReceipts } from '../quarantine-and-receipts.ts';
import { s3Client } from './aws-clients.ts';
import { readStages } from './cloud-stages.ts';
import { readSettings } from './environment.ts';
import { createLambdaApp, type LambdaApp, type ProxyHandler, proxyOf } from './lambda-app.ts';
import { notOfferedRoutes } from './not-offered.ts';
import { createIngest, openStream } from './open-ingest.ts';
import { openWarehouse } from './open-warehouse.ts';
import { claiming } from './quarantine-claims.ts';
import { refreshState } from './refresh-state.ts';
import { cacheResults } from './result-cache.ts';
import { scratchFolder } from './scratch-folder.ts';
import type { Telemetry } from './telemetry.ts';

/** Of the memory of a function, what kept answers may take. */
const cacheBytesMax = 64 * 1024 * 1024;

/** The way out: reports, the pipeline, quarantine and receipts as on one machine, from Redshift. */
export async function openApi(telemetry: Telemetry): Promise<ProxyHandler> {
  const { keysSecret } = readSettings(['keysSecret']);
  const [parts, warehouse] = await Promise.all([createLambdaApp(telemetry, keysSecret), openWarehouse(telemetry)]);
  const { app, access } = parts;
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }));
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  // Other functions load: what is known of the warehouse is as old as this function's last request.
  app.addHook('preHandler', async (request) => {
    if (/^\/v1\/(reports\/|pipeline)/.test(request.url)) await warehouse.refreshStatus();
  });
  cacheResults(app, { access, dataVersion: () => warehouse.status().dataVersion, bytesMax: cacheBytesMax });
  reportRoutes(app, { warehouse, access, exportFolder: scratchFolder() });
  addPipeline(parts, warehouse, telemetry);
  addQuarantine(parts, warehouse, telemetry);
  notOfferedRoutes(app);
  return proxyOf(app);
}

function addPipeline({ app, access }: LambdaApp, warehouse: RedshiftWarehouse, telemetry: Telemetry): void {
  const { bucket } = readSettings(['bucket']);
  const s3 = s3Client(telemetry);
  // A function has one request at a time, so that what was read for it is still there when it is answered.
  let stages: Pick<PipelineAnswer, 'freshness' | 'backlog'> | undefined;
  app.addHook('preHandler', async (request) => {
    if (request.routeOptions.url !== '/v1/pipeline') return;
    access.require(request, 'read');
    stages = await readStages({ s3, bucket, warehouse, now: Date.now });
  });
  pipelineRoutes(app, {
    warehouse,
    access,
    stages: () => {
      if (!stages) throw new Error('The stages are read before the route.');
      return stages;
    },
    refreshing: () => refreshState(warehouse, telemetry),
  });
}

function addQuarantine({ app, access }: LambdaApp, warehouse: RedshiftWarehouse, telemetry: Telemetry): void {
  const { bucket } = readSettings(['bucket']);
  const stream = claiming({ stream: openStream(telemetry), s3: s3Client(telemetry), bucket });
  const ingest = createIngest(telemetry);
  // Claims know of what other instances, now or before, have on its way.
  quarantineAndReceipts(app, { ingest, access, warehouse, stream, recovered: async () => undefined });
}
