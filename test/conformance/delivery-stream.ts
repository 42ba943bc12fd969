import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SegmentFile } from '../../src/contract/segment-file.ts';
import type { DeliveryStream } from '../../src/stream/stream.ts';

/** What a test wants of a stream; the rest is the adapter's business. */
export interface StreamSettings {
  readonly sealAfterMs: number;
  readonly sealBytes: number;
  readonly bufferBytesMax: number;
  readonly backlogBytesMax: number;
  /** Sequences that the ledger has. */
  readonly loaded: ReadonlySet<number>;
}

/** One place that streams are opened on, again and again. */
export interface StreamPlace {
  open(settings: StreamSettings): Promise<DeliveryStream>;
  /** The records of a segment file, in order. */
  read(segment: SegmentFile): string[];
}

const settings: StreamSettings = {
  sealAfterMs: 20,
  sealBytes: 1e6,
  bufferBytesMax: 1e6,
  backlogBytesMax: 1e9,
  loaded: new Set(),
};
const record = (id: number): string => JSON.stringify({ order_id: `A-${id}` });
const records = (count: number): string[] => Array.from({ length: count }, (_, index) => record(index));

/** What every delivery stream promises. */
export function testDeliveryStream(name: string, newPlace: () => StreamPlace): void {
  describe(`the delivery stream ${name}`, () => {
    const open: DeliveryStream[] = [];
    const start = async (place: StreamPlace, changes: Partial<StreamSettings> = {}): Promise<DeliveryStream> => {
      const stream = await place.open({ ...settings, ...changes });
      open.push(stream);
      return stream;
    };
    afterEach(async () => {
      for (const stream of open.splice(0)) await stream.close();
    });

    /** Takes everything out of a closed stream. */
    const drain = async (stream: DeliveryStream, place: StreamPlace): Promise<string[]> => {
      const found: string[] = [];
      for (;;) {
        const segments = await stream.next(Number.MAX_SAFE_INTEGER);
        if (segments.length === 0) return found;
        for (const segment of segments) {
          expect(place.read(segment)).toHaveLength(segment.records);
          found.push(...place.read(segment));
        }
        await stream.release(segments);
      }
    };

    it('hands out what was appended, in order, whole batches together', async () => {
      const place = newPlace();
      const stream = await start(place);
      const all = records(300);
      const appends = [stream.append(all.slice(0, 1)), stream.append(all.slice(1, 200)), stream.append(all.slice(200))];
      await Promise.all(appends);
      await stream.close();
      expect(await drain(stream, place)).toEqual(all);
    });

    it('seals a segment file by time', async () => {
      const place = newPlace();
      const stream = await start(place);
      await stream.append(records(2));
      const [segment] = await stream.next(1);
      expect(segment && place.read(segment)).toEqual(records(2));
    });

    it('seals a segment file by size', async () => {
      const place = newPlace();
      const stream = await start(place, { sealAfterMs: 60_000, sealBytes: 500 });
      await stream.append(records(50));
      expect(await stream.next(1)).toHaveLength(1);
    });

    it('gives segment files sequences that grow and are never used twice', async () => {
      const place = newPlace();
      const sequences: number[] = [];
      for (let round = 0; round < 3; round += 1) {
        const stream = await start(place, { loaded: new Set(sequences) });
        await stream.append(records(1));
        await stream.close();
        const segments = await stream.next(1);
        sequences.push(...segments.map((segment) => segment.sequence));
        await stream.release(segments);
      }
      expect(sequences).toHaveLength(3);
      expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
    });

    it('hands a segment file out again until it is released', async () => {
      const stream = await start(newPlace());
      await stream.append(records(1));
      const first = await stream.next(1);
      expect(await stream.next(1)).toEqual(first);
      await stream.release(first);
      expect(stream.status()).toMatchObject({ waitingSegments: 0, unloadedRecords: 0 });
    });

    it('hands out about as many bytes as asked for, and at least one segment file', async () => {
      const stream = await start(newPlace(), { sealBytes: 1 });
      for (let id = 0; id < 4; id += 1) await stream.append([record(id)]);
      await vi.waitFor(() => expect(stream.status().waitingSegments).toBe(4));
      const [one] = await stream.next(1);
      expect(await stream.next(1)).toHaveLength(1);
      expect((await stream.next((one?.bytes ?? 0) * 2.5)).length).toBe(2);
      expect(await stream.next(1e9)).toHaveLength(4);
    });

    it('waits for the next segment file', async () => {
      const stream = await start(newPlace());
      const next = stream.next(1);
      expect(await Promise.race([next, sleep(30, 'waiting')])).toBe('waiting');
      await stream.append(records(1));
      expect(await next).toHaveLength(1);
    });

    it('ends the wait of a reader when it is closed and empty', async () => {
      const stream = await start(newPlace());
      const next = stream.next(1);
      await stream.close();
      expect(await next).toEqual([]);
    });

    it('gives everything that was not loaded again after it is opened anew', async () => {
      const place = newPlace();
      const first = await start(place);
      await first.append(records(5));
      const [segment] = await first.next(1);
      await first.append([record(5), record(6)]);
      await first.close();
      const second = await start(place, { loaded: new Set([segment?.sequence ?? 0]) });
      await second.close();
      expect(await drain(second, place)).toEqual([record(5), record(6)]);
    });

    it('refuses records with overloaded while its buffer is full, and takes them later', async () => {
      const stream = await start(newPlace(), { bufferBytesMax: 4_000 });
      const fits = stream.append(records(60));
      await expect(stream.append(records(60))).rejects.toMatchObject({ code: 'overloaded', retryAfterSeconds: 1 });
      await fits;
      expect(stream.status().bufferedBytes).toBe(0);
      await stream.append(records(60));
    });

    it('refuses records with overloaded while too much waits to be loaded, and takes them again when it is', async () => {
      const stream = await start(newPlace(), { sealBytes: 1, backlogBytesMax: 1_000 });
      const all = records(60);
      await stream.append(all.slice(0, 1));
      expect(stream.refusal()).toBeUndefined();
      await stream.append(all);
      await vi.waitFor(() => expect(stream.refusal()).toMatchObject({ code: 'overloaded' }));
      expect(stream.status().refusing).toBe('overloaded');
      expect(stream.status().waitingBytes).toBeGreaterThan(1_000);
      const refusal = await stream.append(all).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: 'overloaded', retryAfterSeconds: expect.any(Number) });
      await stream.release(await stream.next(1e9));
      expect(stream.status()).toMatchObject({ refusing: null, waitingBytes: 0, unloadedRecords: 0 });
      await stream.append(all);
    });

    it('hands out a file again with rejects in the place of records that cannot be read', async () => {
      const place = newPlace();
      const stream = await start(place, { sealAfterMs: 20 });
      await stream.append(records(5));
      const [segment] = await stream.next(1);
      if (!segment) throw new Error('There is no segment file.');
      const unreadable = [2, 5].map((number) => ({ record: number, reason: 'It is\u0000 too large.' }));
      await stream.setAside(segment, unreadable);
      const [again] = await stream.next(1);
      expect(again).toMatchObject({ sequence: segment.sequence, records: 5, sealedAtMs: segment.sealedAtMs });
      const [one, two = '', three, four, five = ''] = place.read(again ?? segment);
      expect([one, three, four]).toEqual([record(0), record(2), record(3)]);
      const reject = { type: 'reject', code: 'unreadable_record', reason: 'It is  too large.' };
      expect(JSON.parse(two)).toMatchObject({ ...reject, bytes: Buffer.from(record(1)).toString('base64') });
      expect(JSON.parse(five)).toMatchObject({ ...reject, bytes: Buffer.from(record(4)).toString('base64') });
      expect(JSON.parse(two).quarantine_id).not.toBe(JSON.parse(five).quarantine_id);
      await stream.release(again ? [again] : []);
      expect(stream.status()).toMatchObject({ waitingSegments: 0, waitingBytes: 0 });
    });

    it('refuses records with stopping after it is closed', async () => {
      const stream = await start(newPlace());
      await stream.close();
      await expect(stream.append(records(1))).rejects.toMatchObject({ code: 'stopping' });
    });

    it('makes durable what was appended before it was closed', async () => {
      const place = newPlace();
      const stream = await start(place);
      const append = stream.append(records(3));
      await stream.close();
      await append;
      expect(await drain(stream, place)).toEqual(records(3));
    });
  });
}
