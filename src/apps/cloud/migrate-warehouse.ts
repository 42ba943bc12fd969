import type { CdkCustomResourceEvent } from 'aws-lambda';
import { migrate } from '../../warehouse/redshift/migrate.ts';
import type { ResourceOutcome } from './answer-cloudformation.ts';
import { grantRoles } from './database-roles.ts';
import { readOptional } from './environment.ts';
import { importCensus } from './import-census.ts';
import { openDataApi, openWarehouse } from './open-warehouse.ts';
import type { Telemetry } from './telemetry.ts';

/** The schema as a resource of CloudFormation: there is one of it. */
export const schemaResource: ResourceOutcome = { PhysicalResourceId: 'slicehouse-schema' };

/**
 * Answers the custom resource of the warehouse's schema: a deployment brings it up to date before anything uses it,
 * and sees to it that there are census figures. Taking the resource away leaves the tables.
 *
 * @throws Error that fails the deployment; a migration that failed changed nothing
 */
export async function migrateWarehouse(
  event: Pick<CdkCustomResourceEvent, 'RequestType'>,
  telemetry: Telemetry,
): Promise<ResourceOutcome> {
  if (event.RequestType === 'Delete') return schemaResource;
  const dataApi = openDataApi(telemetry);
  const version = await migrate(dataApi);
  // The secret is the admin's, and nobody else may make roles.
  if (readOptional('SLICEHOUSE_DATABASE_SECRET', '') !== '') await grantRoles(dataApi);
  const warehouse = await openWarehouse(telemetry);
  const [known] = await warehouse.query('SELECT COUNT(*) AS states FROM census_state');
  if (Number(known?.['states']) === 0) await importCensus(warehouse);
  telemetry.logger.info('the schema is up to date', { version });
  return { ...schemaResource, Data: { SchemaVersion: String(version) } };
}
