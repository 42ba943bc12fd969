import { useEffect, useState } from 'react';
import { addReading, arrivalRate, type Reading } from './arrivals.ts';

/** Records accepted a second, over the last minute that this page watched; undefined until it can tell. */
export function useArrivalRate(received: number | undefined, readAt: number): number | undefined {
  const [readings, setReadings] = useState<readonly Reading[]>([]);
  useEffect(() => {
    if (received !== undefined) setReadings((before) => addReading(before, { at: readAt, received }));
  }, [received, readAt]);
  return arrivalRate(readings);
}
