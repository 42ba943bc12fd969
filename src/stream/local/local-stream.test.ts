import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { segmentBytes } from '../../../test/support/segments.ts';
import { temporaryFolders } from '../../../test/support/temporary-folders.ts';
import { frame } from './frame.ts';
import { LocalStream, type LocalStreamOptions } from './local-stream.ts';
import type { Recovered } from './recover-segment.ts';

const newFolder = temporaryFolders();
const started: LocalStream[] = [];
afterEach(async () => {
  for (const stream of started.splice(0)) await stream.close();
});

const start = async (folder: string, changes: Partial<LocalStreamOptions> = {}): Promise<LocalStream> => {
  const stream = await LocalStream.open({
    folder,
    lastSequence: 0,
    loaded: async () => new Set(),
    sealAfterMs: 60_000,
    sealBytes: 1e6,
    bufferBytesMax: 1e6,
    ...changes,
  });
  started.push(stream);
  return stream;
};

const fileOf = (folder: string, sequence: number): string =>
  join(folder, `${String(sequence).padStart(12, '0')}.ndjson`);
const segmentFiles = (folder: string): string[] => readdirSync(folder).sort();

describe('the local stream', () => {
  it('shares one sync among appends that come together', async () => {
    const stream = await start(newFolder());
    let turn = 0;
    const counter = setInterval(() => {
      turn += 1;
    });
    const turnOf = async (id: number): Promise<number> => {
      await stream.append([`{"id":${id}}`]);
      return turn;
    };
    const together = await Promise.all(Array.from({ length: 200 }, (_, id) => turnOf(id)));
    clearInterval(counter);
    // A sync takes a round through the event loop, so what resolves in one turn had the same one.
    expect(new Set(together).size).toBe(1);
    expect(stream.status()).toMatchObject({ bufferedBytes: 0, waitingSegments: 0, unloadedRecords: 200 });
  });

  it('has a record in the file when append resolves', async () => {
    const folder = newFolder();
    const stream = await start(folder);
    await stream.append(['{"order_id":"A-1"}']);
    expect(readFileSync(fileOf(folder, 1), 'utf8')).toBe(frame('{"order_id":"A-1"}'));
  });

  it('gives everything acknowledged after its process is gone without closing', async () => {
    const folder = newFolder();
    const gone = await start(folder);
    await gone.append(['{"id":1}', '{"id":2}']);
    const recovered: unknown[] = [];
    const stream = await start(folder, { onRecovered: (path, what) => recovered.push([path, what.outcome]) });
    expect(await stream.next(1)).toMatchObject([{ sequence: 1, records: 2 }]);
    expect(recovered).toEqual([[fileOf(folder, 1), 'cut']]);
  });

  it('takes the first order after a crash in the middle of the very first record', async () => {
    const folder = newFolder();
    writeFileSync(fileOf(folder, 1), '{"c":"0a1b2c3d","r":{"type":"or');
    const stream = await start(folder, { sealAfterMs: 10 });
    await stream.append(['{"id":1}']);
    expect(await stream.next(1)).toMatchObject([{ sequence: 2, records: 1 }]);
  });

  it('compares a sealed file with its checksum before it hands it out', async () => {
    const folder = newFolder();
    const recovered: Recovered[] = [];
    const stream = await start(folder, { sealBytes: 1, onRecovered: (_path, what) => recovered.push(what) });
    await stream.append(['{"id":1}', '{"id":2}']);
    await vi.waitFor(() => expect(stream.status().waitingSegments).toBe(1));
    const bytes = readFileSync(fileOf(folder, 1));
    bytes[frame('{"id":1}').length + 20] = 0x00;
    writeFileSync(fileOf(folder, 1), bytes);
    expect(await stream.next(1)).toMatchObject([{ sequence: 1, records: 2 }]);
    expect(recovered).toMatchObject([{ outcome: 'mended', damaged: [{ record: 2 }] }]);
    const [first, second] = readFileSync(fileOf(folder, 1), 'utf8').split('\n');
    expect(`${first}\n`).toBe(frame('{"id":1}'));
    expect(second).toContain('damaged_record');
  });

  it('goes on with the rest while a sealed file cannot be read', async () => {
    const folder = newFolder();
    const unreadable: string[] = [];
    const stream = await start(folder, { sealBytes: 1, onUnreadable: (path) => unreadable.push(path) });
    for (const id of [1, 2]) await stream.append([`{"id":${id}}`]);
    await vi.waitFor(() => expect(stream.status().waitingSegments).toBe(2));
    renameSync(fileOf(folder, 1), `${fileOf(folder, 1)}.away`);
    expect(await stream.next(1e6)).toMatchObject([{ sequence: 2 }]);
    expect(unreadable).toEqual([fileOf(folder, 1)]);
    expect(stream.status()).toMatchObject({ waitingSegments: 2, unloadedRecords: 2 });
  });

  it('starts above the highest sequence that the ledger or the folder knows', async () => {
    const folder = newFolder();
    writeFileSync(fileOf(folder, 9), segmentBytes(['{"id":1}']));
    const stream = await start(folder, { lastSequence: 5, loaded: async () => new Set([9]), sealAfterMs: 10 });
    await stream.append(['{"id":2}']);
    expect(await stream.next(1)).toMatchObject([{ sequence: 10 }]);
    const other = await start(newFolder(), { lastSequence: 41, sealAfterMs: 10 });
    await other.append(['{"id":2}']);
    expect(await other.next(1)).toMatchObject([{ sequence: 42 }]);
  });

  it('tells of loaded segment files, those it finds included, and removes none', async () => {
    const folder = newFolder();
    writeFileSync(fileOf(folder, 1), segmentBytes(['{"id":1}']));
    const told: number[][] = [];
    const stream = await start(folder, {
      sealBytes: 1,
      loaded: async () => new Set([1]),
      onLoaded: (files) => told.push(files.map((file) => file.sequence)),
    });
    for (const id of [2, 3]) await stream.append([`{"id":${id}}`]);
    const [second] = await stream.next(1);
    await stream.release(second ? [second] : []);
    expect(told).toEqual([[1], [2]]);
    expect(segmentFiles(folder)).toHaveLength(3);
  });

  it('refuses with storage_full what it cannot write, and takes orders again when it can', async () => {
    const folder = newFolder();
    const stream = await start(folder, { sealAfterMs: 10 });
    renameSync(folder, `${folder}-away`);
    await expect(stream.append(['{"id":1}'])).rejects.toMatchObject({ code: 'storage_full', retryAfterSeconds: 5 });
    expect(stream.status()).toMatchObject({ bufferedBytes: 0, waitingSegments: 0, unloadedRecords: 0 });
    renameSync(`${folder}-away`, folder);
    await stream.append(['{"id":2}']);
    const [segment] = await stream.next(1);
    expect(segment?.records).toBe(1);
    expect(readFileSync(segment?.path ?? '')).toEqual(segmentBytes(['{"id":2}']));
  });
});
