import { readFileSync } from 'node:fs';
import { LocalStream } from '../../src/stream/local/local-stream.ts';
import { temporaryFolders } from '../support/temporary-folders.ts';
import { testDeliveryStream } from './delivery-stream.ts';

const newFolder = temporaryFolders();

testDeliveryStream('of segment files in a folder', () => {
  const folder = newFolder();
  return {
    open: ({ loaded, ...settings }) =>
      LocalStream.open({
        ...settings,
        folder,
        lastSequence: Math.max(0, ...loaded),
        loaded: async (sequences) => new Set(sequences.filter((sequence) => loaded.has(sequence))),
      }),
    read: ({ path }) =>
      readFileSync(path, 'utf8')
        .trimEnd()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.stringify(JSON.parse(line).r)),
  };
});
