import { join } from 'node:path';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { fetchVintage } from '../../sources/census/fetch-vintage.ts';
import { censusFiles } from '../../sources/census/vintage.ts';
import { s3Client, secretsClient } from './aws-clients.ts';
import { downloadVintage, uploadVintage } from './census-vintages.ts';
import { readOptional, readSettings } from './environment.ts';
import { importCensus } from './import-census.ts';
import { openWarehouse } from './open-warehouse.ts';
import { scratchFolder } from './scratch-folder.ts';
import type { Telemetry } from './telemetry.ts';

/** Without `fetch`, the figures in use are brought into the warehouse if they are not there. */
export interface CensusRequest {
  /** Take newer figures from the Census API first. */
  readonly fetch?: boolean;
  /** Last of the five years of the survey; default: the newest that is published. */
  readonly year?: number;
}

/** The figures in use now. */
export interface CensusAnswer {
  readonly vintage: string;
  /** Rows brought into the warehouse; 0 when they were there. */
  readonly rows: number;
}

/** Brings census figures into the warehouse. A fetch that fails leaves the vintage that is there. */
export async function openCensus(telemetry: Telemetry): Promise<(request: CensusRequest) => Promise<CensusAnswer>> {
  const { bucket } = readSettings(['bucket']);
  const vintages = { s3: s3Client(telemetry), bucket, folder: join(scratchFolder(), 'census') };
  const warehouse = await openWarehouse(telemetry);
  return async ({ fetch = false, year = newestYear() }) => {
    await downloadVintage(vintages);
    if (fetch) {
      const baseUrl = readOptional('SLICEHOUSE_CENSUS_URL', 'https://api.census.gov/');
      await fetchVintage({ key: await readKey(telemetry), baseUrl, year, folder: vintages.folder });
      await uploadVintage(vintages);
    }
    const { vintage } = (await censusFiles(vintages.folder)).manifest;
    const [stored] = await warehouse.query('SELECT MIN(vintage) AS vintage FROM census_state');
    if (stored?.['vintage'] === vintage) return { vintage, rows: 0 };
    const imported = await importCensus(warehouse, vintages.folder);
    telemetry.logger.info('census figures', imported);
    return imported;
  };
}

/** The survey of a year is published in December of the next. */
function newestYear(): number {
  return new Date().getUTCFullYear() - 2;
}

/** @throws Error when nobody has put a key into the secret */
async function readKey(telemetry: Telemetry): Promise<string> {
  const { censusSecret } = readSettings(['censusSecret']);
  const { SecretString = '' } = await secretsClient(telemetry).send(
    new GetSecretValueCommand({ SecretId: censusSecret }),
  );
  const key = keyIn(SecretString);
  if (key === '') throw new Error('The secret of the Census API holds no key; put {"key": "…"} into it.');
  return key;
}

/** Empty when there is none; a parser's message would quote what is there. */
function keyIn(secret: string): string {
  try {
    const { key } = JSON.parse(secret) as { key?: unknown };
    return typeof key === 'string' ? key : '';
  } catch {
    return '';
  }
}
