import { once } from './cloud/once.ts';
import { type CensusAnswer, type CensusRequest, openCensus } from './cloud/open-census.ts';
import { createTelemetry } from './cloud/telemetry.ts';

const telemetry = createTelemetry('census');
const open = once(() => openCensus(telemetry));

/** Brings census figures into the warehouse; asked with `{"fetch": true}`, newer ones from the Census API. */
export const handler = telemetry.handler(
  async (request: CensusRequest): Promise<CensusAnswer> => (await open())(request),
);
