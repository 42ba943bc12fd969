import { open, readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { StagedRow } from './staging.ts';

/** The values of an NDJSON file, one after the other: of customers there may be millions. `.gz` is unpacked as a whole. */
export async function* readRows(path: string): AsyncGenerator<StagedRow> {
  for await (const line of linesOf(path)) if (line !== '') yield JSON.parse(line);
}

async function* linesOf(path: string): AsyncGenerator<string> {
  if (path.endsWith('.gz')) {
    yield* gunzipSync(await readFile(path))
      .toString()
      .split('\n');
    return;
  }
  await using file = await open(path);
  yield* file.readLines();
}
