import { Compile } from 'typebox/compile';
import type { Fault } from '../contract/errors.ts';
import { parseInstant } from '../contract/instant.ts';
import { CustomerSchema, StoreSchema } from '../contract/reference.ts';
import { stateCode, stateOf } from '../contract/states.ts';
import { storeTimeZone } from './geography/store-time-zone.ts';
import { loadZipCodes } from './geography/zip-codes.ts';

/** A record as the warehouse stores it, or what is wrong with it. */
export type Normalised = { readonly record: Record<string, unknown> } | { readonly faults: readonly Fault[] };

const defaultCloseoutHour = 4;
const storeSchema = Compile(StoreSchema);
const customerSchema = Compile(CustomerSchema);

/** Checks a store, and fills in its state's code and, if it names none, the time zone of its ZIP code or state. */
export function normaliseStore(value: unknown): Normalised {
  if (!storeSchema.Check(value)) return { faults: faultsOf(storeSchema.Errors(value)) };
  const state = stateCode(value.state);
  if (state === undefined) return { faults: [{ path: '/state', message: 'must be a state of the USA, DC or PR' }] };
  const changedAt = instantOf(value.valid_from);
  if (changedAt === undefined) return { faults: [notAnInstant] };
  const timeZone = value.time_zone ?? zoneOf(state, value.zip);
  if (!isTimeZone(timeZone))
    return { faults: [{ path: '/time_zone', message: 'must be an IANA time zone such as America/Chicago' }] };
  return {
    record: {
      store_id: value.store_id,
      name: value.name ?? null,
      state,
      city: value.city ?? null,
      zip: value.zip ?? null,
      time_zone: timeZone,
      latitude: value.latitude ?? null,
      longitude: value.longitude ?? null,
      closeout_hour: value.closeout_hour ?? defaultCloseoutHour,
      changed_at: changedAt,
    },
  };
}

/** Checks a customer; a home in none of the states is no home. */
export function normaliseCustomer(value: unknown): Normalised {
  if (!customerSchema.Check(value)) return { faults: faultsOf(customerSchema.Errors(value)) };
  const changedAt = instantOf(value.valid_from);
  if (changedAt === undefined) return { faults: [notAnInstant] };
  const { home } = value;
  const state = home?.state === undefined ? undefined : stateCode(home.state);
  return {
    record: {
      customer_id: value.customer_id,
      home_state: state ?? null,
      home_city: home?.city ?? null,
      home_zip: home?.zip ?? null,
      changed_at: changedAt,
    },
  };
}

const notAnInstant = { path: '/valid_from', message: 'must be an instant such as 2026-07-01T00:00:00-05:00' };

/** ISO 8601 in UTC, null when absent, undefined when it is no instant. */
function instantOf(written: string | undefined): string | null | undefined {
  if (written === undefined) return null;
  const instant = parseInstant(written);
  return instant && new Date(instant.epochMs).toISOString();
}

/** The list of ZIP codes is only loaded for a store that needs it. */
function zoneOf(state: string, zip: string | undefined): string {
  return zip === undefined ? (stateOf(state)?.timeZone ?? 'UTC') : storeTimeZone({ state, zip }, loadZipCodes());
}

function faultsOf(errors: readonly { instancePath: string; message: string }[]): Fault[] {
  return errors.slice(0, 20).map(({ instancePath, message }) => ({ path: instancePath, message }));
}

const knownZones = new Map<string, boolean>();

function isTimeZone(name: string): boolean {
  const known = knownZones.get(name);
  if (known !== undefined) return known;
  let valid = true;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
  } catch {
    valid = false;
  }
  if (knownZones.size < 1000) knownZones.set(name, valid);
  return valid;
}
