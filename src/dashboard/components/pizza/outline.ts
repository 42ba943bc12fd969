import { randomFrom } from './random.ts';

interface Wobble {
  readonly seed: number;
  /** How far the edge strays from the circle. */
  readonly stray: number;
  readonly corners?: number;
}

/** The path of a circle drawn by hand: closed and smooth, of radius about `radius`. */
export function outline(radius: number, { seed, stray, corners = 22 }: Wobble): string {
  const random = randomFrom(seed);
  const points = Array.from({ length: corners }, (_, at) => {
    const angle = (at / corners) * Math.PI * 2;
    const distance = radius - stray + random() * stray * 2;
    return [distance * Math.cos(angle), distance * Math.sin(angle)] as const;
  });
  const middle = (at: number) => {
    const [one, other] = [points[at % corners], points[(at + 1) % corners]];
    if (one === undefined || other === undefined) return '0 0';
    return `${((one[0] + other[0]) / 2).toFixed(1)} ${((one[1] + other[1]) / 2).toFixed(1)}`;
  };
  const curves = points.map((_, at) => {
    const corner = points[(at + 1) % corners] ?? [0, 0];
    return `Q${corner[0].toFixed(1)} ${corner[1].toFixed(1)} ${middle(at + 1)}`;
  });
  return `M${middle(0)}${curves.join('')}Z`;
}
