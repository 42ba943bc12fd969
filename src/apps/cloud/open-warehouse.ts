import { DataApi } from '../../warehouse/redshift/data-api.ts';
import { RedshiftWarehouse } from '../../warehouse/redshift/redshift-warehouse.ts';
import { redshiftClient, s3Client } from './aws-clients.ts';
import { readOptional, readSettings } from './environment.ts';
import type { Telemetry } from './telemetry.ts';

/** The way to the database that the environment names. */
export function openDataApi(telemetry: Telemetry): DataApi {
  const { workgroup, database } = readSettings(['workgroup', 'database']);
  const secretArn = readOptional('SLICEHOUSE_DATABASE_SECRET', '');
  return new DataApi({
    client: redshiftClient(telemetry),
    workgroupName: workgroup,
    database,
    // Without one the function comes as what its own role may be in the database.
    ...(secretArn !== '' && { secretArn }),
  });
}

/** The warehouse that the environment names. */
export function openWarehouse(telemetry: Telemetry): Promise<RedshiftWarehouse> {
  const { bucket, copyRole } = readSettings(['bucket', 'copyRole']);
  return RedshiftWarehouse.open({ dataApi: openDataApi(telemetry), s3: s3Client(telemetry), bucket, copyRole });
}
