import { useId } from 'react';

interface SparklineProps {
  /** One value a day; null where there is none. */
  values: readonly (number | null)[];
  /** The days it is compared with, in the same order. */
  before: readonly (number | null)[];
  /** The last day is not over: its part of the line is dashed. */
  running: boolean;
  /** What it shows, for those who cannot see it. */
  label: string;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const [width, height, pad] = [120, 40, 3];

/** A small line over the days, with the days it is compared with as a fainter one. */
export function Sparkline({ values, before, running, label }: SparklineProps) {
  const gradient = useId();
  const at = placing([...(running ? values.slice(0, -1) : values), ...before], values.length);
  const points = values.flatMap((value, day) => at(value, day));
  const complete = running ? points.slice(0, -1) : points;
  const [first, last] = [complete[0], complete.at(-1)];
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <linearGradient id={gradient} x2="0" y2="1">
        <stop className="sparkline-top" offset="0" />
        <stop className="sparkline-bottom" offset="1" />
      </linearGradient>
      {first && last && (
        <path d={`${line(complete)}L${last.x} ${height}L${first.x} ${height}Z`} fill={`url(#${gradient})`} />
      )}
      <path className="sparkline-before" d={line(before.flatMap((value, day) => at(value, day)))} />
      <path className="sparkline-line" d={line(complete)} />
      {running && <path className="sparkline-running" d={line(points.slice(-2))} />}
    </svg>
  );
}

/**
 * Where a day's value lies, between the least and the most of `values`; nowhere if there is none. Small changes of
 * a large value are not blown up, and a day that has only begun does not flatten the others.
 */
function placing(values: readonly (number | null)[], days: number): (value: number | null, day: number) => Point[] {
  const known = values.filter((value) => value !== null);
  const most = Math.max(...known);
  const least = Math.min(...known);
  const low = Math.max(0, Math.min(least - (most - least) * 0.2, most * 0.85));
  return (value, day) => {
    if (value === null) return [];
    const x = (day / Math.max(1, days - 1)) * width;
    const part = Math.min(1, Math.max(0, (value - low) / (most - low || 1)));
    const y = height - pad - part * (height - 2 * pad);
    return [{ x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 }];
  };
}

function line(points: readonly Point[]): string {
  return points.length === 0 ? '' : `M${points.map(({ x, y }) => `${x} ${y}`).join('L')}`;
}
