import type { BatchAnswer } from '../src/contract/answers.ts';
import { limits } from '../src/contract/limits.ts';
import type { Customer, Store } from '../src/contract/reference.ts';
import { closeoutHour } from './business-hours.ts';
import type { Chain } from './chain.ts';
import { customerId, habit, habits, memberShare } from './customers.ts';
import { HttpClient, RefusedError } from './http-client.ts';

/** The stores of a chain as reference data. */
export function storesOf(chain: Chain): Store[] {
  return chain.stores.map(({ storeId, place, area, latitude, longitude }) => ({
    store_id: storeId,
    name: `${place.name} ${area.zip}`,
    state: place.state,
    city: place.name,
    zip: area.zip,
    time_zone: place.timeZone,
    latitude,
    longitude,
    closeout_hour: closeoutHour,
  }));
}

/** The customers that have an account with the chain, one at a time: the most frequent quarter of each store's. */
export function* customersOfChain(chain: Chain): Generator<Customer, void> {
  for (const { firstCustomer, customerCount, homeAreas, homePicker, place } of chain.stores) {
    const members = Math.round(customerCount * memberShare);
    for (let customer = firstCustomer; customer < firstCustomer + members; customer++) {
      const area = homeAreas[homePicker.at(habit(chain.seed, customer, habits.home))];
      yield {
        customer_id: customerId(customer),
        home: { state: place.state, city: place.name, ...(area === undefined ? {} : { zip: area.zip }) },
      };
    }
  }
}

export interface ReferenceOptions {
  readonly chain: Chain;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal;
  readonly onRetry?: ((reason: string) => void) | undefined;
}

/**
 * Sends all stores to the server.
 *
 * @returns how many it took
 * @throws RefusedError when the server refuses them
 */
export function putStores(options: ReferenceOptions): Promise<number> {
  return putRecords(options, '/v1/reference/stores', storesOf(options.chain));
}

/**
 * Sends all customers that have an account to the server.
 *
 * @returns how many it took
 * @throws RefusedError when the server refuses them
 */
export function putCustomers(options: ReferenceOptions): Promise<number> {
  return putRecords(options, '/v1/reference/customers', customersOfChain(options.chain));
}

async function putRecords(
  { url, headers, signal, onRetry }: ReferenceOptions,
  path: string,
  records: Iterable<unknown>,
): Promise<number> {
  const client = new HttpClient({ url, headers, connections: 1, onRetry });
  let count = 0;
  try {
    for (const part of partsOf(records)) {
      const asked = {
        method: 'PUT',
        path,
        contentType: 'application/x-ndjson',
        body: Buffer.from(`${part.join('\n')}\n`),
      } as const;
      const answer = await client.sendPatiently(asked, signal);
      if (answer.status >= 300) throw new RefusedError(asked, answer);
      count += (JSON.parse(answer.body) as BatchAnswer).accepted;
    }
  } finally {
    client.close();
  }
  return count;
}

/** As many lines as a request may hold; reference records are too short to reach its size in bytes. */
function* partsOf(records: Iterable<unknown>): Generator<string[], void> {
  let part: string[] = [];
  for (const record of records) {
    part.push(JSON.stringify(record));
    if (part.length === limits.batchOrdersMax) {
      yield part;
      part = [];
    }
  }
  if (part.length > 0) yield part;
}
