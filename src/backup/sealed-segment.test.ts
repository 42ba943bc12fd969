import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { segmentBytes } from '../../test/support/segments.ts';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import { isSettled, readSegment } from './sealed-segment.ts';

const path = join(temporaryFolders()(), '000000000001.ndjson');
const write = (bytes: Buffer): string => {
  writeFileSync(path, bytes);
  return path;
};
const whole = segmentBytes(['{"order_id":"A-1"}', '{"order_id":"A-2","name":"🍕"}']);

it('takes a sealed segment file with its digest and its records', async () => {
  const sha256 = createHash('sha256').update(whole).digest('hex');
  expect(await readSegment(write(whole))).toEqual({ bytes: whole.length, records: 2, sha256 });
  const many = Array.from({ length: 20_000 }, (_, id) => `{"order_id":"A-${id}"}`);
  expect(await readSegment(write(segmentBytes(many)))).toMatchObject({ records: 20_000 });
});

it('takes none that is cut anywhere', async () => {
  for (let length = 0; length < whole.length; length += 1) {
    expect(await readSegment(write(whole.subarray(0, length)))).toBe('open');
    expect(await isSettled(path)).toBe(length === 0);
  }
});

it('takes none with any bit flipped', async () => {
  for (let bit = 0; bit < whole.length * 8; bit += 1) {
    const flipped = Buffer.from(whole);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(typeof (await readSegment(write(flipped)))).toBe('string');
  }
});

it('does not wait for a segment file that is gone', async () => {
  expect(await isSettled(`${path}.gone`)).toBe(true);
});
