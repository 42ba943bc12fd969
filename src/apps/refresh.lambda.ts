import { once } from './cloud/once.ts';
import { openRefresh, type RefreshAnswer, type RefreshRequest } from './cloud/open-refresh.ts';
import { createTelemetry } from './cloud/telemetry.ts';

const telemetry = createTelemetry('refresh');
const open = once(() => openRefresh(telemetry));

/** Answers the state machine whether a refresh is due, or runs what is. */
export const handler = telemetry.handler(
  async (request: RefreshRequest): Promise<RefreshAnswer> => (await open())(request),
);
