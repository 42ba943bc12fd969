import { framesWithin, isWholeRecord, parseSeal, recordIn } from './frame.ts';
import { type Line, linesOf } from './lines.ts';

/** Bytes of a segment file that are no whole record, and stand for one. */
export interface Stretch {
  readonly offset: number;
  /** Zero for a record of which nothing is left. */
  readonly bytes: number;
  /** Whole records in front of it. */
  readonly wholeBefore: number;
  /** When the record before it was accepted, or else the one after it. */
  readonly acceptedAtMs: number | undefined;
}

export interface Damage {
  /** Whole records. */
  readonly whole: number;
  /** In the order of the file. */
  readonly stretches: readonly Stretch[];
  /** Senders of the whole records. */
  readonly sources: ReadonlySet<string>;
}

/** What is known of a file from before its damage. */
export interface Known {
  /** How many records it was sealed with, if that is known. */
  readonly records: number | undefined;
  /** Where its records end at the latest: where its seal begins or began, or the size of the file. */
  readonly endBytes: number;
}

/**
 * Finds what is damaged in a segment file. With the number of records known there is a stretch for each record
 * that is missing, as far as that can be told; else one for each damaged line in front of a whole one, because
 * what lies behind the last whole one is the torn tail of a crash.
 */
export async function findDamage(path: string, { records, endBytes = 0 }: Known): Promise<Damage> {
  const { whole, found, sources } = await scan(path, endBytes);
  if (records === undefined) {
    return { whole, stretches: found.filter(({ wholeBefore }) => wholeBefore < whole), sources };
  }
  const acceptedAtMs = found.at(-1)?.acceptedAtMs;
  const end = { offset: endBytes, bytes: 0, wholeBefore: whole, acceptedAtMs };
  return { whole, stretches: allot(found, records - whole, end), sources };
}

async function scan(path: string, endBytes: number): Promise<Omit<Damage, 'stretches'> & { found: Stretch[] }> {
  let [whole, acceptedAtMs]: [number, number | undefined] = [0, undefined];
  const sources = new Set<string>();
  let found: Stretch[] = [];
  for await (const { record, offset, bytes } of piecesOf(path, endBytes)) {
    if (!record) {
      found.push({ offset, bytes: bytes.length, wholeBefore: whole, acceptedAtMs });
      continue;
    }
    const stamp = stampOf(record);
    if (stamp.source !== undefined) sources.add(stamp.source);
    if (whole === 0) found = found.map((stretch) => ({ ...stretch, acceptedAtMs: stamp.acceptedAtMs }));
    acceptedAtMs = stamp.acceptedAtMs;
    whole += 1;
  }
  return { whole, found, sources };
}

/** As many stretches as records are missing: neighbours become one, and what is left over gets stretches of no bytes. */
function allot(found: readonly Stretch[], missing: number, end: Stretch): Stretch[] {
  if (missing <= 0) return [];
  const stretches = [...found];
  for (let at = 0; stretches.length > missing && at + 1 < stretches.length; ) {
    const [one, next] = [stretches[at], stretches[at + 1]];
    if (!one || !next || one.wholeBefore !== next.wholeBefore) at += 1;
    else stretches.splice(at, 2, { ...one, bytes: next.offset + next.bytes - one.offset });
  }
  const longest = stretches.reduce((long, one) => (one.bytes > long.bytes ? one : long), end);
  const after = stretches.indexOf(longest) + 1 || stretches.length;
  const nothing = { ...longest, offset: longest.offset + longest.bytes, bytes: 0 };
  stretches.splice(after, 0, ...Array.from({ length: Math.max(0, missing - stretches.length) }, () => nothing));
  return stretches;
}

/** A whole record, or bytes that are none. */
export interface Piece extends Line {
  readonly record: Buffer | undefined;
}

/** Reads a segment file in pieces, without its seal. Two records whose line break is damaged are two pieces. */
export async function* piecesOf(path: string, endBytes?: number): AsyncGenerator<Piece> {
  for await (const line of linesOf(path, endBytes)) {
    if (line.ended && isWholeRecord(line.bytes)) yield { ...line, record: recordIn(line.bytes) };
    else if (!line.ended || !parseSeal(line.bytes.toString('latin1'))) yield* split(line);
  }
}

function* split({ bytes, offset, ended }: Line): Generator<Piece> {
  const starts = [0, ...framesWithin(bytes)];
  for (const [index, start] of starts.entries()) {
    const piece = bytes.subarray(start, starts[index + 1]);
    // What was a line break once is the last byte.
    const line = [piece, piece.subarray(0, -1)].find(isWholeRecord);
    yield { bytes: piece, offset: offset + start, ended, record: line && recordIn(line) };
  }
}

/** Sender and time of a record as its text has them: enough for what is said of its damaged neighbours. */
function stampOf(record: Buffer): { source: string | undefined; acceptedAtMs: number | undefined } {
  const tail = /"accepted_at_ms":(\d{1,15})\}$/.exec(record.toString('latin1', Math.max(0, record.length - 40)));
  return { source: sourceIn(record), acceptedAtMs: tail?.[1] === undefined ? undefined : Number(tail[1]) };
}

/** The first source that a text names. */
export function sourceIn(bytes: Buffer): string | undefined {
  const written = /"source":("(?:[^"\\]|\\.){0,400}")/.exec(bytes.toString('utf8', 0, 4096))?.[1];
  try {
    return written === undefined ? undefined : (JSON.parse(written) as string);
  } catch {
    return undefined;
  }
}
