import type { ReactElement } from 'react';
import type { CombinationTopping } from '../../../contract/combination.ts';
import { Base, BaseSymbols, innerRadius } from './bases.tsx';
import { enlargements, glyphName, glyphs } from './glyphs.tsx';
import { type Detail, layOut } from './layout.ts';

interface Drawn {
  /** Key of the combination. */
  combination: string;
  crust: string;
  sauce: string;
  cheese: string;
  toppings: readonly CombinationTopping[];
}

interface PizzaProps {
  of: Drawn;
  detail: Detail;
  /** Text alternative; without one the drawing is decoration beside a name that says the same. */
  label?: string;
}

const drawings = new Map<string, ReactElement>();
const drawingsMax = 4_000;

/** A combination as a picture: crust, sauce, cheese, and each topping with its half and amount. */
export function Pizza({ of, detail, label }: PizzaProps) {
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: it has a label, or stands beside a name that says the same
    <svg
      className="pizza"
      viewBox="-64 -64 128 128"
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      {drawing(of, detail)}
    </svg>
  );
}

/** The same combination is drawn once; React then skips what has not changed. */
function drawing(of: Drawn, detail: Detail): ReactElement {
  const key = `${detail}|${of.combination}`;
  const known = drawings.get(key);
  if (known) return known;
  if (drawings.size >= drawingsMax) drawings.clear();
  const drawn = draw(of, detail);
  drawings.set(key, drawn);
  return drawn;
}

function draw({ combination, crust, sauce, cheese, toppings }: Drawn, detail: Detail): ReactElement {
  const inner = innerRadius(crust);
  const halved = toppings.some((topping) => topping.portion !== 'whole');
  return (
    <g>
      <Base crust={crust} sauce={sauce} cheese={cheese} />
      {halved && <path className="pizza-cut" d={`M0 ${-inner}V${inner}`} />}
      {layOut(combination, toppings, detail, inner).map(({ topping, x, y, turn, scale }) => (
        <use
          key={`${x} ${y}`}
          href={`#pz-${glyphName(topping)}`}
          transform={`translate(${x} ${y}) rotate(${turn})${scale === 1 ? '' : ` scale(${scale})`}`}
        />
      ))}
    </g>
  );
}

/** The shapes that every drawn pizza refers to; stands once on the page. */
export function PizzaSymbols() {
  return (
    <svg className="pizza-symbols" aria-hidden="true" width="0" height="0">
      <defs>
        <BaseSymbols />
        {Object.entries(glyphs).map(([name, glyph]) => (
          <g key={name} id={`pz-${name}`} transform={`scale(${enlargements[name] ?? 1})`}>
            {glyph}
          </g>
        ))}
      </defs>
    </svg>
  );
}
