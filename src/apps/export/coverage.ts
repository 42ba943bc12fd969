/** A record by the segment file it was accepted in, and its position there, from 1. */
export interface RecordPlace {
  readonly segment: number;
  readonly position: number;
}

/** Records from one to another, both included, without gaps. */
export interface RecordRange {
  readonly first: RecordPlace;
  readonly last: RecordPlace;
}

/** More than a segment file ever has. */
const positionsMax = 10_000_000;

/**
 * The name of the object that holds a range, `000000000001.0000001-000000000017.0000042.ndjson.gz`. Names sort as the
 * records were accepted.
 */
export function rangeName({ first, last }: RecordRange): string {
  return `${placeName(first)}-${placeName(last)}.ndjson.gz`;
}

function placeName({ segment, position }: RecordPlace): string {
  return `${String(segment).padStart(12, '0')}.${String(position).padStart(7, '0')}`;
}

/** The range of such a name; undefined for any other. */
function rangeIn(name: string): { from: number; to: number } | undefined {
  const parts = /^(\d{12})\.(\d{7})-(\d{12})\.(\d{7})\.ndjson\.gz$/.exec(name);
  if (!parts) return undefined;
  const [firstSegment, firstPosition, lastSegment, lastPosition] = parts.slice(1).map(Number);
  return {
    from: placeOf({ segment: Number(firstSegment), position: Number(firstPosition) }),
    to: placeOf({ segment: Number(lastSegment), position: Number(lastPosition) }),
  };
}

/**
 * Which records a bucket has, by the names of its objects alone. How records are cut into objects may differ from one
 * export to the next: what one has sent, the next one finds here.
 */
export class Coverage {
  /** Apart from each other, lowest first. */
  readonly #ranges: { from: number; to: number }[] = [];

  constructor(names: Iterable<string>) {
    const ranges = [...names].flatMap((name) => rangeIn(name) ?? []).sort((a, b) => a.from - b.from);
    for (const range of ranges) {
      const before = this.#ranges.at(-1);
      if (before && range.from <= before.to + 1) before.to = Math.max(before.to, range.to);
      else this.#ranges.push({ ...range });
    }
  }

  has(place: RecordPlace): boolean {
    return this.#hasAll(placeOf(place), placeOf(place));
  }

  /** Whether every record of a segment file is there. */
  hasSegment(segment: number, records: number): boolean {
    if (records === 0) return true;
    return this.#hasAll(placeOf({ segment, position: 1 }), placeOf({ segment, position: records }));
  }

  #hasAll(from: number, to: number): boolean {
    let [low, high] = [0, this.#ranges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ranges[middle]?.to ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    const range = this.#ranges[low];
    return range !== undefined && range.from <= from && to <= range.to;
  }
}

function placeOf({ segment, position }: RecordPlace): number {
  return segment * positionsMax + position;
}
