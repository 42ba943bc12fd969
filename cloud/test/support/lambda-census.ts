import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CensusRow, CensusTable } from '../../../src/sources/census/census-row.ts';
import { geographies } from '../../../src/sources/census/figures.ts';
import { censusFiles, readVintage } from '../../../src/sources/census/vintage.ts';
import { sendTable } from '../../../test/support/census-server.ts';

/** A Census Bureau on this machine with the people of the figures that come with the software. */
export interface Bureau {
  readonly url: string;
  /** The keys that it was asked with. */
  readonly keys: ReadonlySet<string | null>;
  stop(): Promise<void>;
}

const tables = Object.keys(geographies) as CensusTable[];

/** Starts the bureau. */
export async function startBureau(): Promise<Bureau> {
  const known = await readVintage(await censusFiles());
  const keys = new Set<string | null>();
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://census').searchParams;
    keys.add(query.get('key'));
    const table = tables.find((one) => geographies[one].for === query.get('for')) ?? 'census_state';
    const state = query.get('in')?.replace('state:', '') ?? '';
    const header = ['NAME', ...(query.get('get')?.split(',').slice(1) ?? []), ...geographies[table].columns];
    const rows = known[table].filter(({ geoid }) => geoid.startsWith(state));
    sendTable(response, [header, ...rows.map((row) => figuresOf(table, row))]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** People as they are known; what follows from them, plausible. */
function figuresOf(table: CensusTable, { geoid, name, population }: CensusRow): (string | null)[] {
  const people = population ?? 0;
  const isWithinState = table === 'census_county' || table === 'census_place';
  const place = isWithinState ? [geoid.slice(0, 2), geoid.slice(2)] : [geoid];
  const income = people > 100 ? String(50_000 + (people % 40_000)) : '-666666666';
  return [name, String(people), String(Math.round(people / 2.5)), income, people > 0 ? '38.5' : null, ...place];
}
