import { boundBodies } from '../http/bound-bodies.ts';
import type { App } from '../http/create-app.ts';
import { limitConnections } from '../http/limit-connections.ts';
import type { Metrics } from '../runtime/metrics.ts';
import { openFilesMax } from '../runtime/open-files.ts';
import type { DeliveryStream } from '../stream/stream.ts';

/** Of all bodies together, until they are answered. What is made of them takes several times as much for a moment. */
const bodyBytesMax = 64 * 1024 * 1024;

/** Refuses requests that there is no room for, orders before they are read. To be called before routes are added. */
export function applyBackPressure(app: App, stream: DeliveryStream): void {
  limitConnections(app, openFilesMax());
  boundBodies(app, {
    bytesMax: bodyBytesMax,
    refusal: ({ url }) => (url.startsWith('/v1/orders') ? stream.refusal() : undefined),
  });
}

/** What the stream holds, and whether it refuses, as Prometheus reads it. */
export function addStreamGauges(metrics: Metrics, stream: DeliveryStream): void {
  const status = (): ReturnType<DeliveryStream['status']> => stream.status();
  metrics.gauge('slicehouse_segments_waiting', 'Sealed segment files not yet loaded', () => status().waitingSegments);
  metrics.gauge('slicehouse_backlog_bytes', 'Size of the segment files not yet loaded', () => status().waitingBytes);
  metrics.gauge('slicehouse_buffered_bytes', 'Bytes accepted and not yet durable', () => status().bufferedBytes);
  for (const code of ['overloaded', 'storage_full'] as const) {
    const help = `1 while orders are refused with ${code}`;
    metrics.gauge(`slicehouse_refusing_${code}`, help, () => (status().refusing === code ? 1 : 0));
  }
}
