import { copyFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CensusImport, Warehouse } from '../warehouse/warehouse.ts';
import type { RefreshStep } from './refresh.ts';

/** A vintage of census figures on disk. */
export interface CensusVintage {
  readonly vintage: string;
  readonly tables: CensusImport;
}

export interface CensusStepOptions {
  readonly warehouse: Warehouse;
  /** Below the data folder, where the warehouse may read. */
  readonly folder: string;
  /** The vintage in use: the newest that was fetched, or the one that comes with the software. */
  readonly current: () => Promise<CensusVintage>;
  /** Fetches a newer vintage; undefined when there is no key for the Census API. */
  readonly fetchNewer:
    | ((progress: (done: number, total: number) => void, signal: AbortSignal) => Promise<void>)
    | undefined;
}

/** Brings the newest census figures into the warehouse. A fetch that fails leaves the vintage that is there. */
export function censusStep({ warehouse, folder, current, fetchNewer }: CensusStepOptions): RefreshStep {
  return {
    name: 'census',
    async run({ asked, signal, progress }) {
      // Figures change once a year: newer ones are fetched when somebody asks for them.
      if (asked) await fetchNewer?.(progress, signal);
      const vintage = await current();
      const [stored] = await warehouse.query('SELECT MIN(vintage) AS vintage FROM census_state');
      if (stored?.['vintage'] === vintage.vintage)
        return { rows: null, skipped: true, detail: `The figures of ${vintage.vintage} are in place.` };
      const rows = await importVintage(warehouse, vintage, folder);
      return { rows, detail: `Figures of ${vintage.vintage}.` };
    },
  };
}

/** Puts a vintage into the warehouse by way of a folder that it may read. */
export async function importVintage(warehouse: Warehouse, { tables }: CensusVintage, folder: string): Promise<number> {
  const copies: string[] = [];
  const copy = async ({ path, rows }: CensusImport['census_state']): Promise<CensusImport['census_state']> => {
    const copied = join(folder, basename(path));
    await copyFile(path, copied);
    copies.push(copied);
    return { path: copied, rows };
  };
  try {
    return await warehouse.replaceCensus({
      census_state: await copy(tables.census_state),
      census_county: await copy(tables.census_county),
      census_place: await copy(tables.census_place),
      census_zip: await copy(tables.census_zip),
    });
  } finally {
    for (const path of copies) await rm(path, { force: true });
  }
}
