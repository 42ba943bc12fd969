import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { SetAsideCheck } from '../segment-folder.ts';
import { type Piece, piecesOf } from './find-damage.ts';
import { sealBytes } from './is-intact.ts';
import { segmentName } from './segment-names.ts';

/** The name of a file that was set aside, with its sequence: `000000000007.ndjson.damaged`, `….unreadable-2`. */
const setAsideName = /^(\d{12})\.ndjson\.(?:damaged|unreadable)(?:-\d+)?$/;

/** The sequence in the name of a file that was set aside; undefined for any other file's. */
export function setAsideSequence(name: string): number | undefined {
  const digits = setAsideName.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Holds a file that was set aside against the segment file that took its place: every whole record of it has to be
 * there, as itself or in a reject, and all other bytes in a reject. Undefined when the file is gone, or its name is none.
 */
export async function checkSetAside(folder: string, name: string): Promise<SetAsideCheck | undefined> {
  const sequence = setAsideSequence(name);
  if (sequence === undefined) return undefined;
  const path = join(folder, name);
  const segment = join(folder, segmentName(sequence));
  const [aside, beside] = await Promise.all([identityOf(path), identityOf(segment)]);
  if (aside === undefined) return undefined;
  // Two names of one file: its records are about to be set aside, and lie in the segment file as yet.
  if (aside === beside) return { name, sequence, segment: 'there', records: 0, stretches: 0 };
  const held = beside === undefined ? undefined : await readHeld(segment);
  return { name, sequence, segment: held ? 'there' : 'gone', ...(await countMissing(path, held)) };
}

async function identityOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path);
    return `${dev} ${ino}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What a segment file holds: fingerprints of its records, and the bytes that its own rejects keep. */
interface Held {
  readonly records: ReadonlySet<string>;
  readonly rejects: ReadonlySet<string>;
  readonly bytes: readonly Buffer[];
  readonly count: number;
}

async function readHeld(path: string): Promise<Held> {
  const [records, rejects] = [new Set<string>(), new Set<string>()];
  const bytes: Buffer[] = [];
  let count = 0;
  for await (const { record } of piecesOf(path)) {
    if (!record) continue;
    count += 1;
    records.add(fingerprint(record));
    const kept = keptBy(record, basename(path));
    if (!kept) continue;
    rejects.add(fingerprint(kept));
    bytes.push(kept);
  }
  return { records, rejects, bytes, count };
}

/** The bytes that a reject took from this file; undefined for any other record. */
function keptBy(record: Buffer, file: string): Buffer | undefined {
  if (!record.toString('latin1', 0, 32).startsWith('{"type":"reject"')) return undefined;
  const { origin, bytes } = JSON.parse(record.toString()) as { origin?: string | null; bytes: string };
  return origin?.startsWith(`${file}, record `) ? Buffer.from(bytes, 'base64') : undefined;
}

async function countMissing(
  path: string,
  held: Held | undefined,
): Promise<Pick<SetAsideCheck, 'records' | 'stretches'>> {
  let [records, stretches] = [0, 0];
  let last: Piece | undefined;
  for await (const piece of piecesOf(path)) {
    if (last && !last.record && !isKept(last.bytes, held)) stretches += 1;
    last = piece;
    if (piece.record && !isHeld(piece.record, held)) records += 1;
  }
  if (last && !last.record && !isKept(last.bytes, held) && !isEnd(last, held?.count ?? 0)) stretches += 1;
  return { records, stretches };
}

function isHeld(record: Buffer, held: Held | undefined): boolean {
  if (!held) return false;
  const print = fingerprint(record);
  return held.records.has(print) || held.rejects.has(print);
}

/** Neighbouring stretches share a reject. */
function isKept(bytes: Buffer, held: Held | undefined): boolean {
  if (!held) return false;
  return held.rejects.has(fingerprint(bytes)) || held.bytes.some((kept) => kept.includes(bytes));
}

/** The torn tail of a crash, which nobody was answered for, or a damaged seal. */
function isEnd({ bytes, ended }: Piece, records: number): boolean {
  return !ended || bytes.length + 1 === sealBytes(records);
}

function fingerprint(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64');
}
