import { geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import atlas from 'us-atlas/states-albers-10m.json';
import { states } from '../../../contract/states.ts';

/** Where a state lies on the map, in its units. */
export interface Spot {
  readonly code: string;
  readonly x: number;
  readonly y: number;
}

/** A state's outline in the Albers USA projection. */
export interface Shape extends Spot {
  readonly path: string;
}

/** Size of the map in its own units. */
export const mapSize = { width: 975, height: 610 } as const;

const codes = new Map(states.map(({ fips, code }) => [fips, code]));
const draw = geoPath().digits(1);

/** The states that the projection holds; Puerto Rico is not among them. */
export const shapes: readonly Shape[] = feature(atlas, atlas.objects.states)
  .features.flatMap((state): Shape[] => {
    const code = codes.get(String(state.id));
    const path = draw(state);
    const [x, y] = draw.centroid(state);
    return code === undefined || path === null ? [] : [{ code, path, x, y }];
  })
  .sort((one, other) => one.code.localeCompare(other.code));

/** States too small to hit, or off the map: they have buttons at the coast. */
export const buttonSpots: readonly Spot[] = [
  { code: 'DC', x: 935, y: 470 },
  { code: 'PR', x: 935, y: 520 },
];

const small = new Set(buttonSpots.map(({ code }) => code));

/** Every place that can be reached, each once. */
export const spots: readonly Spot[] = [...shapes.filter(({ code }) => !small.has(code)), ...buttonSpots];

const directions: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The nearest place in the direction of an arrow key; undefined for other keys and at the edge. */
export function neighbour(code: string, key: string): string | undefined {
  const from = spots.find((spot) => spot.code === code);
  const direction = directions[key];
  if (!from || !direction) return undefined;
  const [right, down] = direction;
  const ranked = spots.flatMap((spot) => {
    const ahead = (spot.x - from.x) * right + (spot.y - from.y) * down;
    const aside = Math.abs((spot.x - from.x) * down) + Math.abs((spot.y - from.y) * right);
    return ahead > 1 && aside < ahead * 2.5 ? [{ code: spot.code, cost: ahead + aside * 2 }] : [];
  });
  return ranked.sort((one, other) => one.cost - other.cost)[0]?.code;
}
