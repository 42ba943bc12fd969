import { askText } from './http.ts';

/** Node's histogram samples with a timer of this period and counts the period as delay. */
const samplingMs = 10;

/**
 * The 99th percentile of the server's event-loop delay since it was last asked, milliseconds. Asking starts a new
 * window, so ask once before what is to be measured and once after.
 */
export async function eventLoopDelayMs(url: string): Promise<number> {
  const metrics = await askText(`${url}/metrics`);
  const seconds = /^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(metrics)?.[1];
  if (seconds === undefined) throw new Error('The metrics have no event-loop delay.');
  return Math.max(0, Number(seconds) * 1000 - samplingMs);
}
