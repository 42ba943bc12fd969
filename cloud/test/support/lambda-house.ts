import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type House, openHouse } from '../../../src/apps/house.ts';
import type { Store } from '../../../src/contract/reference.ts';
import { readConfig } from '../../../src/runtime/config.ts';
import { ask as askHouse, type Request } from '../../../test/support/houses.ts';
import type { ApiAnswer, ApiRequest } from './lambda-events.ts';
import type { TestKey } from './lambda-functions.ts';

/** The single machine, on a folder of its own. */
export interface SingleMachine {
  readonly house: House;
  ask(url: string, request?: ApiRequest): Promise<ApiAnswer>;
  /** Resolves when everything it took is counted. */
  settled(): Promise<void>;
  putStores(stores: readonly Store[], key: TestKey): Promise<void>;
  close(): Promise<void>;
}

/** Opens a house that knows the keys. */
export async function openSingleMachine(keys: readonly TestKey[]): Promise<SingleMachine> {
  const dataDir = mkdtempSync(join(tmpdir(), 'slicehouse-single-'));
  writeFileSync(join(dataDir, 'keys.json'), JSON.stringify(keys.map(({ stored }) => stored)));
  const flags = { dataDir, logLevel: 'silent', sealAfterMs: 10, memoryMegabytes: 512 };
  const house = await openHouse(readConfig({ flags, environment: {}, file: undefined }));
  const ask = (url: string, request?: ApiRequest): Promise<ApiAnswer> => askHouse(house, url, request as Request);
  return {
    house,
    ask,
    settled: () => house.settled(),
    putStores: async (stores, key) => {
      const body = stores.map((store) => JSON.stringify(store)).join('\n');
      const headers = { ...key.headers, 'content-type': 'application/x-ndjson' };
      const answer = await ask('/v1/reference/stores', { method: 'PUT', headers, body });
      if (answer.status !== 200 || answer.json.rejected.length > 0) throw new Error(answer.text);
    },
    close: async () => {
      await house.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
