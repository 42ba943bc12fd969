import { plainZip } from './plain-zip.ts';
import type { ZipCodes } from './zip-codes.ts';

/** How many of some ZIP codes are known. `zcta + nonZcta + unknown + absent = total`. */
export interface MatchRate {
  readonly total: number;
  /** With census figures of their own. */
  readonly zcta: number;
  /** Known, but no area of the Census: the nearest one's figures stand for them. */
  readonly nonZcta: number;
  readonly unknown: number;
  /** Null or blank. */
  readonly absent: number;
  /** Known ones among those that are given, 0 to 1; null when none is given. */
  readonly matchedShare: number | null;
  readonly examples: { readonly nonZcta: readonly Example[]; readonly unknown: readonly Example[] };
}

/** A ZIP code as it was written, and how often. */
export interface Example {
  readonly zip: string;
  readonly count: number;
}

/** ZIP codes, each with how often it stands there (once, if nothing is said). */
export type CountedZips = Iterable<
  string | null | undefined | readonly [zip: string | null | undefined, count: number]
>;

const examplesMax = 10;
/** Bounds the memory when nothing in a column is a ZIP code; the counts stay exact, the examples are among these. */
const distinctMax = 10_000;
const exampleLengthMax = 40;

/** Counts how many ZIP codes are known, with the commonest of those that are not as examples. */
export function matchRate(zips: CountedZips, zipCodes: ZipCodes): MatchRate {
  const counts = { zcta: 0, nonZcta: 0, unknown: 0, absent: 0 };
  const seen = { nonZcta: new Map<string, number>(), unknown: new Map<string, number>() };
  for (const entry of zips) {
    const [zip, count] = typeof entry === 'object' && entry !== null ? entry : [entry, 1];
    const kind = kindOf(zip, zipCodes);
    counts[kind] += count;
    if (kind === 'nonZcta' || kind === 'unknown') note(seen[kind], zip ?? '', count);
  }
  const matched = counts.zcta + counts.nonZcta;
  const given = matched + counts.unknown;
  return {
    total: given + counts.absent,
    ...counts,
    matchedShare: given === 0 ? null : matched / given,
    examples: { nonZcta: commonest(seen.nonZcta), unknown: commonest(seen.unknown) },
  };
}

function kindOf(zip: string | null | undefined, zipCodes: ZipCodes): 'zcta' | 'nonZcta' | 'unknown' | 'absent' {
  if (zip === null || zip === undefined || zip.trim() === '') return 'absent';
  const known = zipCodes.find(zip);
  if (known === undefined) return 'unknown';
  return known.is_zcta ? 'zcta' : 'nonZcta';
}

function note(seen: Map<string, number>, written: string, count: number): void {
  const zip = plainZip(written) ?? written.slice(0, exampleLengthMax);
  const before = seen.get(zip);
  if (before !== undefined || seen.size < distinctMax) seen.set(zip, (before ?? 0) + count);
}

function commonest(seen: ReadonlyMap<string, number>): Example[] {
  return [...seen]
    .map(([zip, count]) => ({ zip, count }))
    .sort((a, b) => b.count - a.count || (a.zip < b.zip ? -1 : 1))
    .slice(0, examplesMax);
}
