import { crc32 } from 'node:zlib';

/**
 * How a record lies in a segment file: one line, itself valid JSON so that a warehouse reads the file as it is,
 * with the CRC-32 of the record's bytes in front:
 *
 *     {"c":"0a1b2c3d","r":{"type":"order",…}}
 *
 * The last line of a sealed file is its seal: how many records, and the CRC-32 of every byte before it:
 *
 *     {"c":"89abcdef","s":{"records":2}}
 */
export function frame(record: string): string {
  return `{"c":"${hex(crc32(record))}","r":${record}}\n`;
}

const frameStart = '{"c":"';
const checksumStart = frameStart.length;
const checksumEnd = checksumStart + 8;
const recordStart = checksumEnd + '","r":'.length;

/** Whether a line without its line break is a whole record whose checksum is right. */
export function isWholeRecord(line: Buffer): boolean {
  return (
    line.length > recordStart &&
    line.toString('latin1', 0, checksumStart) === frameStart &&
    line.toString('latin1', checksumEnd, recordStart) === '","r":' &&
    line.at(-1) === 0x7d &&
    line.toString('latin1', checksumStart, checksumEnd) === hex(crc32(line.subarray(recordStart, -1)))
  );
}

/** The record in a whole line. */
export function recordIn(line: Buffer): Buffer {
  return line.subarray(recordStart, -1);
}

/** Where frames begin in a line after its first byte: in a whole line nowhere, since a text's quotes are escaped. */
export function framesWithin(line: Buffer): number[] {
  const starts: number[] = [];
  for (let at = line.indexOf(frameStart, 1); at > 0; at = line.indexOf(frameStart, at + 1)) starts.push(at);
  return starts;
}

export function sealLine(records: number, checksum: number): string {
  return `{"c":"${hex(checksum)}","s":{"records":${records}}}\n`;
}

/** Reads a seal, or undefined when the line is none. */
export function parseSeal(line: string): { checksum: number; records: number } | undefined {
  const parts = /^\{"c":"([0-9a-f]{8})","s":\{"records":(\d+)\}\}$/.exec(line);
  return parts ? { checksum: Number.parseInt(parts[1] ?? '', 16), records: Number(parts[2]) } : undefined;
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}
