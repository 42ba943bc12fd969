import { stateOf } from '../../contract/states.ts';
import type { ZipCodes } from './zip-codes.ts';

/**
 * The IANA time zone of a store: its ZIP code's, or its state's commonest one when the ZIP code is absent, unknown or
 * of another state. States with two zones (Texas, Tennessee, the Dakotas…) are right only by ZIP code.
 *
 * @param store `state` as a USPS code
 */
export function storeTimeZone(store: { state: string; zip?: string | null | undefined }, zipCodes: ZipCodes): string {
  const known = store.zip ? zipCodes.find(store.zip) : undefined;
  const byState = stateOf(store.state)?.timeZone ?? 'UTC';
  return known?.state === store.state ? (known.time_zone ?? byState) : byState;
}
