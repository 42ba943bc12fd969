/** A line of a body: its number from 1, without its line break. */
export interface Line {
  readonly number: number;
  readonly content: Buffer;
}

/** Splits NDJSON at line feeds (with or without a carriage return before); blank lines are counted and left out. */
export function splitLines(bytes: Buffer): Line[] {
  const lines: Line[] = [];
  let [start, number] = [0, 1];
  while (start < bytes.length) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed < 0 ? bytes.length : feed;
    const content = bytes.subarray(start, bytes[end - 1] === 0x0d && end > start ? end - 1 : end);
    if (!isBlank(content)) lines.push({ number, content });
    start = end + 1;
    number += 1;
  }
  return lines;
}

function isBlank(content: Buffer): boolean {
  return content.every((byte) => byte === 0x20 || byte === 0x09);
}
