import { Compile } from 'typebox/compile';
import { type Store, StoreSchema } from '../contract/reference.ts';
import { stateCode } from '../contract/states.ts';
import { isZone } from './zone.ts';

const checked = Compile(StoreSchema);

/** What is wrong with a store, one sentence a fault; empty if it can be sent. */
export function checkStore(store: unknown): string[] {
  if (!checked.Check(store)) {
    return checked
      .Errors(store)
      .map(({ instancePath, message }) => `${instancePath.slice(1) || 'a store'} ${message}.`);
  }
  const { state, time_zone: zone }: Store = store;
  return [
    ...(stateCode(state) === undefined ? [`state "${state}" is none of the 50 states, DC and PR.`] : []),
    ...(zone === undefined || isZone(zone) ? [] : [`time_zone "${zone}" is not an IANA time zone.`]),
  ];
}
