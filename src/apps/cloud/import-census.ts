import { censusFiles } from '../../sources/census/vintage.ts';
import type { CensusImport, Warehouse } from '../../warehouse/warehouse.ts';

/** Puts a vintage of census figures into the warehouse; resolves with its name and its rows. */
export async function importCensus(
  warehouse: Pick<Warehouse, 'replaceCensus'>,
  folder?: string,
): Promise<{ readonly vintage: string; readonly rows: number }> {
  const { manifest, files } = await censusFiles(folder);
  const table = (name: keyof typeof files): CensusImport['census_state'] => ({
    path: files[name],
    rows: manifest.rows[name],
  });
  const rows = await warehouse.replaceCensus({
    census_state: table('census_state'),
    census_county: table('census_county'),
    census_place: table('census_place'),
    census_zip: table('census_zip'),
  });
  return { vintage: manifest.vintage, rows };
}
