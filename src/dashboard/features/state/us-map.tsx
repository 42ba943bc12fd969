import { type CSSProperties, type KeyboardEvent, memo, useRef, useState } from 'react';
import type { SalesByStateRow } from '../../../contract/report.ts';
import { count, money } from '../../components/format.ts';
import { placeName } from './choice.ts';
import { buttonSpots, mapSize, neighbour, shapes, spots } from './geography.ts';
import type { StateMeasure } from './measures.ts';
import type { Scale } from './scale.ts';

export interface UsMapProps {
  rows: ReadonlyMap<string, SalesByStateRow>;
  measure: StateMeasure;
  scale: Scale;
  selected: string | undefined;
  onSelect: (state: string | undefined) => void;
  onLookAt: (state: string) => void;
}

/** The states as buttons, tinted by a measure. One of them is a tab stop; arrow keys go on from there. */
export function UsMap({ rows, measure, scale, selected, onSelect, onLookAt }: UsMapProps) {
  const figure = useRef<HTMLDivElement>(null);
  const [stop, setStop] = useState('KS');
  const [shown, setShown] = useState<string>();
  const tabStop =
    selected !== undefined && spots.some(({ code }) => code === selected) && shown === undefined ? selected : stop;

  const look = (code: string) => {
    setShown(code);
    onLookAt(code);
  };
  const press = (event: KeyboardEvent) => {
    const code = (event.target as HTMLElement).dataset['state'];
    if (event.key === 'Escape') setShown(undefined);
    if (code === undefined) return;
    const next = neighbour(code, event.key);
    if (next !== undefined) {
      event.preventDefault();
      figure.current?.querySelector<HTMLElement>(`[data-state="${next}"]`)?.focus();
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onSelect(code === selected ? undefined : code);
    }
  };
  const place = (code: string) => ({
    'data-state': code,
    'data-tint': tintOf(rows.get(code), measure, scale),
    'aria-label': spoken(code, rows.get(code), measure),
    'aria-pressed': code === selected,
    tabIndex: code === tabStop ? 0 : -1,
    onClick: () => onSelect(code === selected ? undefined : code),
    onFocus: () => {
      setStop(code);
      look(code);
    },
    onPointerEnter: () => look(code),
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot hold the keys of all the states
    <div
      ref={figure}
      className="us-map"
      role="group"
      aria-label={`Map of the states by ${measure.title.toLowerCase()}. Arrow keys go from state to state.`}
      onKeyDown={press}
      onPointerLeave={() => setShown(undefined)}
      onBlur={() => setShown(undefined)}
    >
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: the group around it has the name, each state its own */}
      <svg viewBox={`0 0 ${mapSize.width} ${mapSize.height}`}>
        {shapes.map(({ code, path }) =>
          buttonSpots.some((spot) => spot.code === code) ? (
            <path key={code} className="state-shape" d={path} data-tint={tintOf(rows.get(code), measure, scale)} />
          ) : (
            // biome-ignore lint/a11y/useSemanticElements: SVG has no button
            <path key={code} className="state-shape" d={path} role="button" {...place(code)} />
          ),
        )}
        <Outline of={shown === selected ? undefined : shown} kind="shown" />
        <Outline of={selected} kind="selected" />
      </svg>
      <div className="map-buttons">
        {buttonSpots.map(({ code }) => (
          <button key={code} type="button" className="map-button" {...place(code)}>
            <i aria-hidden="true" />
            {code}
          </button>
        ))}
      </div>
      {shown !== undefined && <Tooltip code={shown} row={rows.get(shown)} />}
    </div>
  );
}

function tintOf(row: SalesByStateRow | undefined, measure: StateMeasure, scale: Scale): number | 'none' {
  const value = row && measure.value(row);
  return value === undefined || value === null || value === 0 ? 'none' : scale.tint(value);
}

/** "Texas: 48,210 pizzas sold"; a button with a code on it says the code too. */
function spoken(code: string, row: SalesByStateRow | undefined, measure: StateMeasure): string {
  const name = buttonSpots.some((spot) => spot.code === code) ? `${code}, ${placeName(code)}` : placeName(code);
  const value = row && measure.value(row);
  return value === undefined || value === null
    ? `${name}: no sales`
    : `${name}: ${measure.exact(value)} ${measure.unit}`;
}

/** Drawn again over its neighbours, whose edges would hide half of the line. */
const Outline = memo(function Outline({ of, kind }: { of: string | undefined; kind: 'shown' | 'selected' }) {
  const shape = shapes.find(({ code }) => code === of);
  return shape ? <path className={`state-outline ${kind}`} d={shape.path} /> : null;
});

function Tooltip({ code, row }: { code: string; row: SalesByStateRow | undefined }) {
  const spot = spots.find((one) => one.code === code);
  if (!spot) return null;
  const at = { '--x': spot.x / mapSize.width, '--y': spot.y / mapSize.height } as CSSProperties;
  const figures = row && [
    ['Pizzas', count(row.pizzas)],
    ['Revenue', money(row.revenue_cents)],
    ['Per pizza', row.revenue_per_pizza_cents === null ? '–' : money(row.revenue_per_pizza_cents)],
    ['Unique customers', count(row.unique_customers)],
    ['Orders', count(row.orders)],
  ];
  return (
    <div
      className="map-tooltip"
      style={at}
      data-below={spot.y < mapSize.height * 0.45 ? '' : undefined}
      aria-hidden="true"
    >
      <strong>{placeName(code)}</strong>
      {figures ? (
        <dl>
          {figures.map(([title, figure]) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{figure}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p>No sales in this period</p>
      )}
    </div>
  );
}
